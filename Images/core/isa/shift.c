// Advanced SIMD: shifts by an immediate, by-element forms, copies, permutations, immediates (Arm ARM DDI 0487,
// C4.1.95).
#include "vector.h"

static bool shift(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 15, 11), h = field(w, 22, 19), n = field(w, 9, 5), d = field(w, 4, 0);
    bool u = bit(w, 29), scalar = bit(w, 28), q = bit(w, 30) || scalar;
    if (h == 0)
        return false;
    unsigned size = h & 8 ? 3 : h & 4 ? 2 : h & 2 ? 1 : 0, bits = 8u << size, value = field(w, 22, 16);
    int left = (int)(value - bits), right = (int)(2 * bits - value);
    bool narrow = operation >= 16 && operation <= 19;
    if (scalar ? (operation < 12 && size != 3) || operation == 20 || (narrow && size == 3) ||
                     (narrow && operation < 18 && !u)
               : size == 3 && (!q || narrow || operation == 20))
        return false;
    if ((operation == 8 || operation == 12) && !u)
        return false;
    lanes a = s->v[n], result = {};
    if (narrow) {
        unsigned at = bit(w, 30) && !scalar ? 8u >> size : 0;
        if (at)
            result.d[0] = s->v[d].d[0];
        for (unsigned i = 0; i < (scalar ? 1 : 8u >> size); i++) {
            wide x = get_lane(&a, size + 1, i, operation >= 18 && u);
            x = shift_lane(s, x, -right, 2 * bits, false, operation & 1, false);
            if (operation >= 18 || u)
                x = saturate(s, x, bits, u);
            put_lane(&result, size, at + i, x);
        }
        s->v[d] = result;
        return true;
    }
    if (operation == 20) {
        for (unsigned i = 0; i < 8u >> size; i++)
            put_lane(&result, size + 1, i, get_lane(&a, size, i + (q ? 8u >> size : 0), u) << left);
        s->v[d] = result;
        return true;
    }
    for (unsigned i = 0; i < (scalar ? 1 : (q ? 16u : 8u) >> size); i++) {
        wide x = get_lane(&a, size, i, u && !(operation == 12)), old = get_lane(&s->v[d], size, i, true), r;
        switch (operation) {
        case 0:
        case 2:
        case 4:
        case 6: // SSHR, SSRA, SRSHR, SRSRA
            r = shift_lane(s, x, -right, bits, u, operation & 4, false) + (operation & 2 ? old : 0);
            break;
        case 8: // SRI
            r = (old & ~(wide)(right == (int)bits ? 0 : mask(bits) >> right)) |
                (right == (int)bits ? 0 : (wide)(element(&a, size, i) >> right));
            break;
        case 10: // SHL, SLI
            r = (wide)(element(&a, size, i) << left) | (u ? old & (wide)mask((unsigned)left) : 0);
            break;
        case 12:
        case 14: r = shift_lane(s, x, left, bits, u, false, true); break;
        default: return false;
        }
        put_lane(&result, size, i, r);
    }
    s->v[d] = result;
    return true;
}

static bool table(struct state *s, uint32_t w)
{
    unsigned n = field(w, 9, 5), d = field(w, 4, 0), count = field(w, 14, 13) + 1;
    lanes index = s->v[field(w, 20, 16)], result = {};
    for (unsigned i = 0; i < (bit(w, 30) ? 16u : 8u); i++)
        result.b[i] = index.b[i] < count * 16 ? s->v[n + index.b[i] / 16].b[index.b[i] % 16]
                      : bit(w, 12)            ? s->v[d].b[i]
                                              : 0;
    s->v[d] = result;
    return true;
}

static bool permute(struct state *s, uint32_t w)
{
    unsigned size = field(w, 23, 22), operation = field(w, 13, 12), count = (bit(w, 30) ? 16u : 8u) >> size;
    bool second = bit(w, 14);
    if (operation == 0 || (size == 3 && count < 2))
        return false;
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = {};
    for (unsigned i = 0; i < count; i++) {
        unsigned from; // an element of a and then b
        if (operation == 1)
            from = 2 * i + second;
        else if (operation == 2)
            from = (i & 1 ? count : 0) + (i & ~1u) + second;
        else
            from = (i & 1 ? count : 0) + i / 2 + (second ? count / 2 : 0);
        set_element(&result, size, i, from < count ? element(&a, size, from) : element(&b, size, from - count));
    }
    s->v[field(w, 4, 0)] = result;
    return true;
}

static bool extract(struct state *s, uint32_t w)
{
    unsigned at = field(w, 14, 11), bytes = bit(w, 30) ? 16 : 8;
    if (at >= bytes)
        return false;
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = {};
    for (unsigned i = 0; i < bytes; i++)
        result.b[i] = i + at < bytes ? a.b[i + at] : b.b[i + at - bytes];
    s->v[field(w, 4, 0)] = result;
    return true;
}

static bool copy(struct state *s, uint32_t w)
{
    unsigned which = field(w, 20, 16), operation = field(w, 14, 11), n = field(w, 9, 5), d = field(w, 4, 0), size = 0;
    bool q = bit(w, 30), scalar = bit(w, 28);
    if (!(which & 15))
        return false;
    while (!(which >> size & 1))
        size++;
    unsigned index = which >> (size + 1);
    lanes a = s->v[n & 7], result = {};
    if (bit(w, 29)) { // INS from an element
        set_element(&s->v[d], size, index, element(&a, size, operation >> size));
        return true;
    }
    switch (operation) {
    case 0:
    case 1: // DUP
        if (size == 3 && !q && !scalar)
            return false;
        for (unsigned i = 0; i < (scalar ? 1 : (q ? 16u : 8u) >> size); i++)
            set_element(&result, size, i, operation ? get(s, n) : element(&a, size, index));
        s->v[d] = result;
        return true;
    case 3: // INS
        set_element(&s->v[d], size, index, get(s, n));
        return true;
    case 5: // SMOV
        if (size > 2 || (size == 2 && !q))
            return false;
        set(s, d, q, (uint64_t)sign_extend(element(&a, size, index), 8u << size));
        return true;
    default: // UMOV
        if (q != (size == 3))
            return false;
        set(s, d, true, element(&a, size, index));
        return true;
    }
}

static bool immediate(struct state *s, uint32_t w)
{
    unsigned mode = field(w, 15, 12), d = field(w, 4, 0), eight = field(w, 18, 16) << 5 | field(w, 9, 5);
    bool q = bit(w, 30), inverted = bit(w, 29);
    uint64_t value = eight;
    if (mode == 15) {
        unsigned exponent = eight >> 6 & 1;
        if (inverted && !q)
            return false;
        if (inverted)
            value =
                (uint64_t)(eight >> 7) << 63 | (exponent ? 0xffull << 54 : 1ull << 62) | (uint64_t)(eight & 63) << 48;
        else
            value = ((uint64_t)(eight >> 7) << 31 | (exponent ? 0x1full << 25 : 1ull << 30) |
                     (uint64_t)(eight & 63) << 19) *
                    0x100000001;
    } else if (mode == 14) {
        value = inverted ? 0 : eight * 0x0101010101010101ull;
        for (unsigned i = 0; inverted && i < 64; i++)
            value |= (uint64_t)(eight >> i / 8 & 1) << i;
    } else if (mode >= 12) {
        value = (mode == 12 ? value << 8 | 0xff : value << 16 | 0xffff) * 0x100000001;
    } else if (mode >= 8) {
        value = (value << (mode & 2 ? 8 : 0)) * 0x0001000100010001;
    } else {
        value = (value << (mode >> 1) * 8) * 0x100000001;
    }
    bool changes = mode < 12 && mode & 1; // ORR, BIC
    for (unsigned i = 0; i < 2; i++) {
        uint64_t old = s->v[d].d[i];
        if (changes)
            old = inverted ? old & ~value : old | value;
        else
            old = inverted && mode < 14 ? ~value : value;
        s->v[d].d[i] = i == 0 || q ? old : 0;
    }
    return true;
}

static bool by_element(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 15, 12), size = field(w, 23, 22), bits = 8u << size, n = field(w, 9, 5),
             d = field(w, 4, 0);
    bool u = bit(w, 29), scalar = bit(w, 28), q = bit(w, 30) || scalar;
    unsigned index =
        size == 1 ? (unsigned)bit(w, 11) << 2 | bit(w, 21) << 1 | bit(w, 20) : (unsigned)bit(w, 11) << 1 | bit(w, 21);
    if (size == 0 || size == 3 || (size == 2 && bit(w, 20)))
        return false;
    const lanes *m = &s->v[field(w, 19, 16) & 7];
    bool dot = operation == 14;
    if (dot && size != 2)
        return false;
    lanes a = s->v[n], result = {}, b;
    for (unsigned i = 0; i < 16u >> size; i++)
        set_element(&b, size, i, element(m, size, index));
    static const uint8_t longs[16] = {[2] = 8, [6] = 10, [10] = 12, [3] = 9, [7] = 11, [11] = 13};
    if (longs[operation])
        return different(s, w, longs[operation], &b);
    for (unsigned i = 0; i < (scalar ? 1 : (q ? 16u : 8u) >> size); i++) {
        wide x = get_lane(&a, size, i, false), y = get_lane(&b, size, i, false),
             old = get_lane(&s->v[d], size, i, false), r;
        switch (operation) {
        case 0: r = old + x * y; break;
        case 4: r = old - x * y; break;
        case 8: r = x * y; break;
        case 12:
        case 13:
            r = u ? doubling_high(s, x, y, old, bits, true) : doubling_high(s, x, y, 0, bits, operation & 1);
            break;
        case 15: r = doubling_high(s, -x, y, old, bits, true); break;
        default:
            r = old;
            for (unsigned j = 0; j < 4; j++)
                r += get_lane(&a, 0, 4 * i + j, u) * get_lane(&b, 0, j, u);
        }
        put_lane(&result, size, i, r);
    }
    s->v[d] = result;
    return true;
}

#define SHIFT(NAME, U, OPERATION)                                                       \
    {NAME, "0q" U "011110SSSSSSS" OPERATION "1VVVVVVVVVV", shift, ALWAYS},              \
    {                                                                                   \
        NAME " (scalar)", "01" U "111110SSSSSSS" OPERATION "1VVVVVVVVVV", shift, ALWAYS \
    }
#define LONG(NAME, U, OPERATION) {NAME, "0q" U "011110SSSSSSS" OPERATION "1VVVVVVVVVV", shift, ALWAYS}
static const struct row shift_rows[] = {
    SHIFT("SSHR, USHR", "u", "00000"),
    SHIFT("SSRA, USRA", "u", "00010"),
    SHIFT("SRSHR, URSHR", "u", "00100"),
    SHIFT("SRSRA, URSRA", "u", "00110"),
    SHIFT("SRI", "1", "01000"),
    SHIFT("SHL, SLI", "u", "01010"),
    SHIFT("SQSHLU", "1", "01100"),
    SHIFT("SQSHL, UQSHL", "u", "01110"),
    LONG("SHRN", "0", "10000"),
    LONG("RSHRN", "0", "10001"),
    SHIFT("SQSHRUN", "1", "10000"),
    SHIFT("SQRSHRUN", "1", "10001"),
    SHIFT("SQSHRN, UQSHRN", "u", "10010"),
    SHIFT("SQRSHRN, UQRSHRN", "u", "10011"),
    LONG("SSHLL, USHLL", "u", "10100"),
    {"TBL, TBX", "0q001110000VVVVV0llx00VVVVVVVVVV", table, ALWAYS},
    {"UZP1, UZP2", "0q001110ss0VVVVV0h0110VVVVVVVVVV", permute, ALWAYS},
    {"TRN1, TRN2", "0q001110ss0VVVVV0h1010VVVVVVVVVV", permute, ALWAYS},
    {"ZIP1, ZIP2", "0q001110ss0VVVVV0h1110VVVVVVVVVV", permute, ALWAYS},
    {"UZP, TRN, ZIP of 64-bit elements", "01001110110VVVVV0hoo10VVVVVVVVVV", permute, ALWAYS},
    {"EXT", "0q101110000VVVVV0iiii0VVVVVVVVVV", extract, ALWAYS},
    {"DUP (element)", "0q001110000iiiii000001VVVVVVVVVV", copy, ALWAYS},
    {"DUP (element, scalar)", "01011110000iiiii000001VVVVVVVVVV", copy, ALWAYS},
    {"DUP (general)", "0q001110000iiiii000011RRRRRVVVVV", copy, ALWAYS},
    {"INS (general)", "01001110000iiiii000111RRRRRVVVVV", copy, ALWAYS},
    {"INS (element)", "01101110000iiiii0jjjj1VVVVVVVVVV", copy, ALWAYS},
    {"SMOV", "0q001110000iiiii001011VVVVVRRRRR", copy, ALWAYS},
    {"UMOV", "0q001110000iiiii001111VVVVVRRRRR", copy, ALWAYS},
    {"UMOV of 64 bits", "01001110000i1000001111VVVVVRRRRR", copy, ALWAYS},
    {"MOVI, MVNI, ORR, BIC, FMOV (vector, immediate)", "0qn0111100000iiimmmm01iiiiiVVVVV", immediate, ALWAYS},
};
const struct instruction_class shift_class = {shift_rows, sizeof shift_rows / sizeof *shift_rows, VECTORS};

#define BY(NAME, U, OPERATION) \
    {NAME " (by element)", "0q" U "01111sslk00mm" OPERATION "h0VVVVVVVVVV", by_element, ALWAYS}
#define BY_SCALAR(NAME, OPERATION)                                                                    \
    BY(NAME, "0", OPERATION),                                                                         \
    {                                                                                                 \
        NAME " (scalar, by element)", "01011111sslk00mm" OPERATION "h0VVVVVVVVVV", by_element, ALWAYS \
    }
static const struct row element_rows[] = {
    BY("MLA", "1", "0000"),
    BY("MLS", "1", "0100"),
    BY("MUL", "0", "1000"),
    BY("SMLAL, UMLAL", "u", "0010"),
    BY("SMLSL, UMLSL", "u", "0110"),
    BY("SMULL, UMULL", "u", "1010"),
    BY_SCALAR("SQDMLAL", "0011"),
    BY_SCALAR("SQDMLSL", "0111"),
    BY_SCALAR("SQDMULL", "1011"),
    BY_SCALAR("SQDMULH", "1100"),
    BY_SCALAR("SQRDMULH", "1101"),
    {"SQRDMLAH, SQRDMLSH (by element)", "0q101111sslk00mm11o1h0VVVVVVVVVV", by_element, 12},
    {"SQRDMLAH, SQRDMLSH (scalar, by element)", "01111111sslk00mm11o1h0VVVVVVVVVV", by_element, 12},
    {"SDOT, UDOT (by element)", "0qu0111110l000mm1110h0VVVVVVVVVV", by_element, 20},
};
const struct instruction_class element_class = {element_rows, sizeof element_rows / sizeof *element_rows, VECTORS};
