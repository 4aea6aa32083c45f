// Advanced SIMD on integers: two registers, and across lanes (Arm ARM DDI 0487, C4.1.95).
#include "vector.h"

static bool two_registers(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 16, 12), size = field(w, 23, 22), bits = 8u << size, n = field(w, 9, 5),
             d = field(w, 4, 0);
    bool u = bit(w, 29), scalar = bit(w, 28), q = bit(w, 30) || scalar;
    lanes a = s->v[n], result = {};
    unsigned count = scalar ? 1 : (q ? 16u : 8u) >> size;
    bool any = operation == 3 || operation == 7 || operation == 18 || operation == 20,
         only64 = operation >= 8 && operation <= 11;
    if (scalar ? !(any && !(operation == 18 && !u)) && !(only64 && size == 3) : size == 3 && !q)
        return false;
    if (only64 && operation == 10 && u)
        return false;
    if (operation <= 1) { // REV
        unsigned unit = operation == 1 ? 1 : u ? 2 : 3;
        if ((operation == 1 && u) || size >= unit || scalar)
            return false;
        for (unsigned i = 0; i < count; i++)
            set_element(&result, size, i, element(&a, size, i ^ ((1u << (unit - size)) - 1)));
    } else if (operation == 2 || operation == 6) { // ADDLP, ADALP
        if (size == 3 || scalar)
            return false;
        for (unsigned i = 0; i < count / 2; i++)
            put_lane(&result, size + 1, i,
                     (operation == 6 ? get_lane(&s->v[d], size + 1, i, u) : 0) + get_lane(&a, size, 2 * i, u) +
                         get_lane(&a, size, 2 * i + 1, u));
    } else if (operation == 18 || operation == 20) { // narrowing
        if (size == 3)
            return false;
        unsigned at = bit(w, 30) && !scalar ? 8u >> size : 0;
        if (at)
            result.d[0] = s->v[d].d[0];
        for (unsigned i = 0; i < (scalar ? 1 : 8u >> size); i++) {
            wide x = get_lane(&a, size + 1, i, operation == 20 && u);
            if (operation == 20 || u)
                x = saturate(s, x, bits, u);
            put_lane(&result, size, at + i, x);
        }
    } else if (operation == 19) { // SHLL
        if (!u || size == 3)
            return false;
        for (unsigned i = 0; i < 8u >> size; i++)
            put_lane(&result, size + 1, i, get_lane(&a, size, i + (q ? 8u >> size : 0), true) << bits);
    } else if (operation == 5) { // CNT, NOT, RBIT
        if (u ? size > 1 : size > 0)
            return false;
        for (unsigned i = 0; i < (q ? 16u : 8u); i++) {
            unsigned x = a.b[i], y = 0;
            for (unsigned j = 0; j < 8; j++)
                y = u && size ? y | (x >> j & 1) << (7 - j) : y + (x >> j & 1);
            result.b[i] = (uint8_t)(u && !size ? ~x : y);
        }
    } else if (operation == 3 || operation == 4 || (operation >= 7 && operation <= 11)) {
        if (operation == 4 && (size == 3 || scalar))
            return false;
        for (unsigned i = 0; i < count; i++) {
            wide x = get_lane(&a, size, i, false), r = 0;
            switch (operation) {
            case 3: r = saturate(s, get_lane(&a, size, i, !u) + get_lane(&s->v[d], size, i, u), bits, u); break;
            case 4: {
                uint64_t y = (uint64_t)x & mask(bits);
                if (!u)
                    y ^= (uint64_t)(x >> 1) & mask(bits);
                while (r < (wide)bits && !(y >> (bits - 1 - (unsigned)r) & 1))
                    r++;
                r -= !u;
                break;
            }
            case 7: r = saturate(s, u || x < 0 ? -x : x, bits, false); break;
            case 8: r = (u ? x >= 0 : x > 0) ? -1 : 0; break;
            case 9: r = (u ? x <= 0 : x == 0) ? -1 : 0; break;
            case 10: r = x < 0 ? -1 : 0; break;
            default: r = u || x < 0 ? -x : x;
            }
            set_element(&result, size, i, (uint64_t)r);
        }
    } else {
        return false;
    }
    s->v[d] = result;
    return true;
}

static bool across(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 16, 12), size = field(w, 23, 22), n = field(w, 9, 5);
    bool u = bit(w, 29), q = bit(w, 30);
    if (size == 3 || (size == 2 && !q) || (operation == 27 && u))
        return false;
    lanes a = s->v[n], result = {};
    wide r = get_lane(&a, size, 0, u);
    for (unsigned i = 1; i < (q ? 16u : 8u) >> size; i++) {
        wide x = get_lane(&a, size, i, u);
        r = operation == 10 ? (x > r ? x : r) : operation == 26 ? (x < r ? x : r) : r + x;
    }
    set_element(&result, operation == 3 ? size + 1 : size, 0, (uint64_t)r);
    s->v[field(w, 4, 0)] = result;
    return true;
}

static bool add_pair(struct state *s, uint32_t w)
{
    lanes a = s->v[field(w, 9, 5)];
    s->v[field(w, 4, 0)] = (lanes){.d = {a.d[0] + a.d[1], 0}};
    return true;
}

#define TWO(NAME, OPERATION) {NAME, "0qu01110ss10000" OPERATION "10VVVVVVVVVV", two_registers, ALWAYS}
#define TWO_SCALAR(NAME, OPERATION) \
    {NAME " (scalar)", "01u11110ss10000" OPERATION "10VVVVVVVVVV", two_registers, ALWAYS}
static const struct row two_rows[] = {
    TWO("REV64, REV32", "00000"),
    TWO("REV16", "00001"),
    TWO("SADDLP, UADDLP", "00010"),
    TWO("SUQADD, USQADD", "00011"),
    TWO("CLS, CLZ", "00100"),
    TWO("CNT, NOT, RBIT", "00101"),
    TWO("SADALP, UADALP", "00110"),
    TWO("SQABS, SQNEG", "00111"),
    TWO("CMGT, CMGE with zero", "01000"),
    TWO("CMEQ, CMLE with zero", "01001"),
    TWO("CMLT with zero", "01010"),
    TWO("ABS, NEG", "01011"),
    TWO("XTN, SQXTUN", "10010"),
    TWO("SHLL", "10011"),
    TWO("SQXTN, UQXTN", "10100"),
    TWO_SCALAR("SUQADD, USQADD", "00011"),
    TWO_SCALAR("SQABS, SQNEG", "00111"),
    TWO_SCALAR("CMGT, CMGE with zero", "01000"),
    TWO_SCALAR("CMEQ, CMLE with zero", "01001"),
    TWO_SCALAR("CMLT with zero", "01010"),
    TWO_SCALAR("ABS, NEG", "01011"),
    TWO_SCALAR("SQXTUN", "10010"),
    TWO_SCALAR("SQXTN, UQXTN", "10100"),
    {"SADDLV, UADDLV", "0qu01110ss110000001110VVVVVVVVVV", across, ALWAYS},
    {"SMAXV, UMAXV", "0qu01110ss110000101010VVVVVVVVVV", across, ALWAYS},
    {"SMINV, UMINV", "0qu01110ss110001101010VVVVVVVVVV", across, ALWAYS},
    {"ADDV", "0q001110ss110001101110VVVVVVVVVV", across, ALWAYS},
    {"ADDP (scalar)", "0101111011110001101110VVVVVVVVVV", add_pair, ALWAYS},
};
const struct instruction_class two_class = {two_rows, sizeof two_rows / sizeof *two_rows, VECTORS};
