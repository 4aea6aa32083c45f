// The Secure Hash instructions: every standard's own example, the message "abc" (FIPS 180-4, FIPS 202).
#include "../hwcap.h"
#include "../vector.h"

#if defined(__aarch64__)
#include <arm_neon.h>

// FIPS 180-4, 4.2.3. The upper halves of the first 64 are SHA-256's (4.2.2).
static const uint64_t sha2_constants[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
    0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
    0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
    0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
    0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
    0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
    0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
    0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
    0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
    0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
    0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

// FIPS 180-4, 5.3.5. The upper halves are SHA-256's (5.3.3).
static const uint64_t sha2_start[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                       0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

// One padded block that holds "abc", as words.
static void abc_block32(uint32_t words[16])
{
    memset(words, 0, 64);
    words[0] = 0x61626380;
    words[15] = 24;
}

[[gnu::target("sha2")]] static void sha1_abc(uint32_t digest[5])
{
    uint32_t words[16];
    abc_block32(words);
    uint32x4_t w[4];
    for (size_t i = 0; i < 4; i++)
        w[i] = vld1q_u32(words + 4 * i);
    const uint32x4_t start = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    uint32x4_t abcd = start;
    uint32_t e = 0xc3d2e1f0;
    static const uint32_t constants[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    for (int i = 0; i < 20; i++) {
        uint32x4_t wk = vaddq_u32(w[i % 4], vdupq_n_u32(constants[i / 5]));
        uint32_t next = vsha1h_u32(vgetq_lane_u32(abcd, 0));
        abcd = i < 5               ? vsha1cq_u32(abcd, e, wk)
               : i >= 10 && i < 15 ? vsha1mq_u32(abcd, e, wk)
                                   : vsha1pq_u32(abcd, e, wk);
        e = next;
        w[i % 4] = vsha1su1q_u32(vsha1su0q_u32(w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4]), w[(i + 3) % 4]);
    }
    vst1q_u32(digest, vaddq_u32(abcd, start));
    digest[4] = e + 0xc3d2e1f0;
}

[[gnu::target("sha2")]] static void sha256_abc(uint32_t digest[8])
{
    uint32_t words[16], constants[64], start[8];
    abc_block32(words);
    for (int i = 0; i < 64; i++)
        constants[i] = (uint32_t)(sha2_constants[i] >> 32);
    for (int i = 0; i < 8; i++)
        start[i] = (uint32_t)(sha2_start[i] >> 32);
    uint32x4_t w[4], abcd = vld1q_u32(start), efgh = vld1q_u32(start + 4);
    for (size_t i = 0; i < 4; i++)
        w[i] = vld1q_u32(words + 4 * i);
    for (size_t i = 0; i < 16; i++) {
        uint32x4_t wk = vaddq_u32(w[i % 4], vld1q_u32(constants + 4 * i)), before = abcd;
        abcd = vsha256hq_u32(abcd, efgh, wk);
        efgh = vsha256h2q_u32(efgh, before, wk);
        w[i % 4] = vsha256su1q_u32(vsha256su0q_u32(w[i % 4], w[(i + 1) % 4]), w[(i + 2) % 4], w[(i + 3) % 4]);
    }
    vst1q_u32(digest, vaddq_u32(abcd, vld1q_u32(start)));
    vst1q_u32(digest + 4, vaddq_u32(efgh, vld1q_u32(start + 4)));
}

[[gnu::target("sha3")]] static void sha512_abc(uint64_t digest[8])
{
    uint64x2_t w[8] = {};
    w[0] = (uint64x2_t){0x6162638000000000, 0};
    w[7] = (uint64x2_t){0, 24};
    uint64x2_t ab = vld1q_u64(sha2_start), cd = vld1q_u64(sha2_start + 2), ef = vld1q_u64(sha2_start + 4),
               gh = vld1q_u64(sha2_start + 6);
    for (size_t i = 0; i < 40; i++) {
        uint64x2_t wk = vaddq_u64(w[i % 8], vld1q_u64(sha2_constants + 2 * i));
        uint64x2_t sum = vaddq_u64(vextq_u64(wk, wk, 1), gh);
        uint64x2_t middle = vsha512hq_u64(sum, vextq_u64(ef, gh, 1), vextq_u64(cd, ef, 1));
        uint64x2_t next = vsha512h2q_u64(middle, cd, ab);
        gh = ef;
        ef = vaddq_u64(cd, middle);
        cd = ab;
        ab = next;
        w[i % 8] = vsha512su1q_u64(vsha512su0q_u64(w[i % 8], w[(i + 1) % 8]), w[(i + 7) % 8],
                                   vextq_u64(w[(i + 4) % 8], w[(i + 5) % 8], 1));
    }
    const uint64x2_t state[4] = {ab, cd, ef, gh};
    for (size_t i = 0; i < 4; i++)
        vst1q_u64(digest + 2 * i, vaddq_u64(state[i], vld1q_u64(sha2_start + 2 * i)));
}
#endif

PROBE_AARCH64("crypto.sha1", "SHA1C, SHA1P, SHA1M, SHA1H and the schedule: FIPS 180-4's example",
              "git and old signatures report corrupt objects", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_SHA1);
    static const uint32_t expected[5] = {0xa9993e36, 0x4706816a, 0xba3e2571, 0x7850c26c, 0x9cd0d89d};
    uint32_t digest[5];
    sha1_abc(digest);
    for (int i = 0; i < 5; i++)
        expect_equal("word of the digest", digest[i], expected[i]);
}
#endif

PROBE_AARCH64("crypto.sha256", "SHA256H, SHA256H2 and the schedule: FIPS 180-4's example",
              "every package and image digest mismatches", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_SHA2);
    static const uint32_t expected[8] = {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                                         0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
    uint32_t digest[8];
    sha256_abc(digest);
    for (int i = 0; i < 8; i++)
        expect_equal("word of the digest", digest[i], expected[i]);
}
#endif

PROBE_AARCH64("crypto.sha512", "SHA512H, SHA512H2 and the schedule: FIPS 180-4's example",
              "password hashes and npm integrity checks fail", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_SHA512);
    static const uint64_t expected[8] = {0xddaf35a193617aba, 0xcc417349ae204131, 0x12e6fa4e89a97ea2,
                                         0x0a9eeee64b55d39a, 0x2192992a274fc1a8, 0x36ba3c23a3feebbd,
                                         0x454d4423643ce80e, 0x2a9ac94fa54ca49f};
    uint64_t digest[8];
    sha512_abc(digest);
    for (int i = 0; i < 8; i++)
        expect_equal("word of the digest", digest[i], expected[i]);
}
#endif

PROBE_AARCH64("crypto.sha3", "EOR3, BCAX, RAX1 and XAR, of which Keccak is made, as the Arm ARM defines them",
              "SHA-3 and post-quantum code fails its self-test", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_SHA3);
    vector a = {.d = {0x0123456789abcdef, 0xfedcba9876543210}}, b = {.d = {0x8000000000000001, 0x00ff00ff00ff00ff}};
    vector c = {.d = {0xaaaaaaaa55555555, 0x1111222233334444}};
    vector eor3 = VECTOR("eor3 v16.16b, v16.16b, v17.16b, v18.16b", a, b, c),
           bcax = VECTOR("bcax v16.16b, v16.16b, v17.16b, v18.16b", a, b, c);
    vector rax1 = VECTOR("rax1 v16.2d, v17.2d, v18.2d", a, b, c),
           xar = VECTOR("xar v16.2d, v17.2d, v18.2d, #20", a, b, c);
    for (int i = 0; i < 2; i++) {
        uint64_t mixed = b.d[i] ^ c.d[i];
        expect_equal("eor3", eor3.d[i], a.d[i] ^ b.d[i] ^ c.d[i]);
        expect_equal("bcax", bcax.d[i], a.d[i] ^ (b.d[i] & ~c.d[i]));
        expect_equal("rax1", rax1.d[i], b.d[i] ^ (c.d[i] << 1 | c.d[i] >> 63));
        expect_equal("xar", xar.d[i], mixed >> 20 | mixed << 44);
    }
}
#endif
