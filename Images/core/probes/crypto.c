// AES, SM4, CRC-32 and carry-less multiplication against published vectors: FIPS 197, GB/T 32907, NIST SP 800-38D.
#include "../hwcap.h"

#if defined(__aarch64__)
#include <arm_neon.h>

[[gnu::target("aes")]] static uint32_t sub_word(uint32_t word) // all columns alike, so that ShiftRows changes nothing
{
    return vgetq_lane_u32(vreinterpretq_u32_u8(vaeseq_u8(vreinterpretq_u8_u32(vdupq_n_u32(word)), vdupq_n_u8(0))), 0);
}

// FIPS 197, 5.2
[[gnu::target("aes")]] static void aes_expand(const uint8_t key[16], uint8x16_t round_keys[11])
{
    uint32_t words[44];
    memcpy(words, key, 16);
    uint32_t constant = 1;
    for (int i = 4; i < 44; i++) {
        uint32_t word = words[i - 1];
        if (i % 4 == 0) {
            word = sub_word(word >> 8 | word << 24) ^ constant;
            constant = constant << 1 ^ (constant & 0x80 ? 0x11b : 0);
        }
        words[i] = words[i - 4] ^ word;
    }
    for (size_t i = 0; i < 11; i++)
        round_keys[i] = vreinterpretq_u8_u32(vld1q_u32(words + 4 * i));
}

[[gnu::target("aes")]] static void aes_both_ways(const uint8_t key[16], const uint8_t plain[16], uint8_t sealed[16],
                                                 uint8_t opened[16])
{
    uint8x16_t keys[11];
    aes_expand(key, keys);
    uint8x16_t block = vld1q_u8(plain);
    for (int i = 0; i < 9; i++)
        block = vaesmcq_u8(vaeseq_u8(block, keys[i]));
    block = veorq_u8(vaeseq_u8(block, keys[9]), keys[10]);
    vst1q_u8(sealed, block);
    block = vaesdq_u8(block, keys[10]);
    for (int i = 9; i > 0; i--)
        block = vaesdq_u8(vaesimcq_u8(block), vaesimcq_u8(keys[i]));
    vst1q_u8(opened, veorq_u8(block, keys[0]));
}
#endif

PROBE_AARCH64("crypto.aes", "AESE, AESMC, AESD and AESIMC: AES-128 of FIPS 197, appendix C.1, both ways",
              "TLS connections and disk images fail to decrypt", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_AES);
    uint8_t key[16], plain[16], sealed[16], opened[16];
    for (unsigned i = 0; i < 16; i++)
        key[i] = (uint8_t)i, plain[i] = (uint8_t)(0x11 * i);
    aes_both_ways(key, plain, sealed, opened);
    expect_bytes("ciphertext", sealed, "\x69\xc4\xe0\xd8\x6a\x7b\x04\x30\xd8\xcd\xb7\x80\x70\xb4\xc5\x5a", 16);
    expect_bytes("deciphered text", opened, plain, 16);
}
#endif

#if defined(__aarch64__)
[[gnu::target("sm4")]] static void sm4_encrypt(const uint32_t key[4], uint32_t block[4])
{
    uint32x4_t round_key = veorq_u32(vld1q_u32(key), (uint32x4_t){0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc});
    uint32x4_t state = vld1q_u32(block);
    for (unsigned i = 0; i < 32; i += 4) {
        uint32_t constants[4] = {};
        for (unsigned j = 0; j < 16; j++)
            constants[j / 4] = constants[j / 4] << 8 | (uint8_t)(7 * (4 * i + j));
        round_key = vsm4ekeyq_u32(round_key, vld1q_u32(constants));
        state = vsm4eq_u32(state, round_key);
    }
    for (unsigned i = 0; i < 4; i++)
        block[i] = state[3 - i];
}
#endif

PROBE_AARCH64("crypto.sm4", "SM4E and SM4EKEY: the example of GB/T 32907, appendix A",
              "cipher suites that OpenSSL picks by hwcap fail", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_SM4);
    const uint32_t key[4] = {0x01234567, 0x89abcdef, 0xfedcba98, 0x76543210};
    uint32_t block[4] = {0x01234567, 0x89abcdef, 0xfedcba98, 0x76543210};
    sm4_encrypt(key, block);
    expect_equal("ciphertext, upper half", (uint64_t)block[0] << 32 | block[1], 0x681edf34d206965e);
    expect_equal("ciphertext, lower half", (uint64_t)block[2] << 32 | block[3], 0x86b3e94f536e4246);
}
#endif

PROBE_AARCH64("crypto.crc32", "CRC32 and CRC32C in their four widths: the check values of the string 123456789",
              "gzip, ext4 tools, databases and object stores report corruption", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_CRC32);
    static const char text[] = "123456789";
    uint64_t eight;
    uint32_t byte = '9', four;
    uint16_t two;
    memcpy(&eight, text, 8);
    memcpy(&four, text + 2, 4);
    memcpy(&two, text, 2);
    uint32_t crc = ~0u, castagnoli = ~0u;
    __asm__ volatile(".arch armv8-a+crc\n\tcrc32x %w0, %w0, %2\n\tcrc32b %w0, %w0, %w3\n\tcrc32cx %w1, %w1, %2\n\t"
                     "crc32cb %w1, %w1, %w3\n\t.arch armv8-a"
                     : "+&r"(crc), "+&r"(castagnoli)
                     : "r"(eight), "r"(byte));
    expect_equal("CRC-32", ~crc, 0xcbf43926);
    expect_equal("CRC-32C", ~castagnoli, 0xe3069283);
    crc = castagnoli = ~0u;
    uint16_t last;
    memcpy(&last, text + 6, 2);
    __asm__ volatile(
        ".arch armv8-a+crc\n\tcrc32h %w0, %w0, %w2\n\tcrc32w %w0, %w0, %w3\n\tcrc32h %w0, %w0, %w4\n\t"
        "crc32b %w0, %w0, %w5\n\tcrc32ch %w1, %w1, %w2\n\tcrc32cw %w1, %w1, %w3\n\tcrc32ch %w1, %w1, %w4\n\t"
        "crc32cb %w1, %w1, %w5\n\t.arch armv8-a"
        : "+&r"(crc), "+&r"(castagnoli)
        : "r"(two), "r"(four), "r"(last), "r"(byte));
    expect_equal("CRC-32 in smaller pieces", ~crc, 0xcbf43926);
    expect_equal("CRC-32C in smaller pieces", ~castagnoli, 0xe3069283);
}
#endif

#if defined(__aarch64__)
typedef struct {
    uint64_t low, high; // GCM's reflected order turned round: bit i is the coefficient of x^i
} polynomial;

[[gnu::target("aes")]] static polynomial carryless(uint64_t a, uint64_t b, bool upper)
{
    poly128_t product = upper ? vmull_high_p64((poly64x2_t){0, a}, (poly64x2_t){0, b}) : vmull_p64(a, b);
    return (polynomial){(uint64_t)product, (uint64_t)(product >> 64)};
}

// a * b modulo x^128 + x^7 + x^2 + x + 1 (NIST SP 800-38D, 6.3)
static polynomial multiply(polynomial a, polynomial b)
{
    polynomial low = carryless(a.low, b.low, false), high = carryless(a.high, b.high, true);
    polynomial one = carryless(a.low, b.high, false), two = carryless(a.high, b.low, true);
    uint64_t words[4] = {low.low, low.high ^ one.low ^ two.low, high.low ^ one.high ^ two.high, high.high};
    for (int i = 3; i >= 2; i--) { // x^128 is x^7 + x^2 + x + 1
        polynomial folded = carryless(words[i], 0x87, false);
        words[i - 2] ^= folded.low;
        words[i - 1] ^= folded.high;
    }
    return (polynomial){words[0], words[1]};
}

static polynomial from_block(uint64_t first, uint64_t second) // big-endian words of a block; its first bit is x^0
{
    return (polynomial){__builtin_bitreverse64(first), __builtin_bitreverse64(second)};
}
#endif

PROBE_AARCH64("crypto.pmull", "PMULL and PMULL2: GHASH of test case 2 of the GCM specification",
              "TLS with AES-GCM rejects every record", "")
#if defined(__aarch64__)
{
    require_hwcap(HWCAP_PMULL);
    polynomial key = from_block(0x66e94bd4ef8a2c3b, 0x884cfa59ca342b2e),
               text = from_block(0x0388dace60b6a392, 0xf328c2b971b2fe78);
    polynomial state = multiply(text, key);
    polynomial length = from_block(0, 128);
    state.low ^= length.low;
    state.high ^= length.high;
    state = multiply(state, key);
    expect_equal("GHASH, first half", __builtin_bitreverse64(state.low), 0xf38cbb1ad69223dc);
    expect_equal("GHASH, second half", __builtin_bitreverse64(state.high), 0xc3457ae5b6b0f885);
}
#endif
