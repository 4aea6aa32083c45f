// Advanced SIMD on integers: three registers (Arm ARM DDI 0487, C4.1.95).
#include "vector.h"

wide get_lane(const lanes *v, unsigned size, unsigned index, bool is_unsigned)
{
    uint64_t value = element(v, size, index);
    return is_unsigned ? (wide)value : (wide)sign_extend(value, 8u << size);
}

wide saturate(struct state *s, wide value, unsigned bits, bool is_unsigned)
{
    wide most = is_unsigned ? (wide)mask(bits) : (wide)(mask(bits) >> 1), least = is_unsigned ? 0 : -most - 1;
    if (value >= least && value <= most)
        return value;
    s->fpsr |= 1u << 27; // QC
    return value > most ? most : least;
}

wide shift_lane(struct state *s, wide value, int by, unsigned bits, bool is_unsigned, bool rounding, bool saturating)
{
    if (by < 0) {
        unsigned right = by < -100 ? 100 : (unsigned)-by;
        return (value + (rounding ? (wide)1 << (right - 1) : 0)) >> right;
    }
    if (!saturating)
        return by >= (int)bits ? 0 : (wide)((unsigned __int128)value << by);
    if (by >= (int)bits)
        return value == 0 ? 0 : saturate(s, value < 0 ? -((wide)1 << 100) : (wide)1 << 100, bits, is_unsigned);
    return saturate(s, (wide)((unsigned __int128)value << by), bits, is_unsigned);
}

unsigned __int128 polynomial(uint64_t a, uint64_t b)
{
    unsigned __int128 product = 0;
    for (unsigned i = 0; i < 64; i++)
        if (b >> i & 1)
            product ^= (unsigned __int128)a << i;
    return product;
}

wide doubling_high(struct state *s, wide a, wide b, wide add, unsigned bits, bool rounding)
{
    return saturate(s, ((add << bits) + 2 * a * b + (rounding ? (wide)1 << (bits - 1) : 0)) >> bits, bits, false);
}

static bool three_same(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 15, 11), size = field(w, 23, 22), bits = 8u << size;
    bool u = bit(w, 29), scalar = bit(w, 28), q = bit(w, 30) || scalar;
    unsigned n = field(w, 9, 5), m = field(w, 20, 16), d = field(w, 4, 0);
    lanes a = s->v[n], b = s->v[m], result = {};
    if (scalar) { // saturating ones of each size, others of 64 bits
        bool sized = operation == 1 || operation == 5 || operation == 9 || operation == 11;
        bool only64 =
            operation == 6 || operation == 7 || operation == 8 || operation == 10 || operation == 16 || operation == 17;
        if (operation == 22 ? size == 0 || size == 3 : !sized && (!only64 || size != 3))
            return false;
    } else if (size == 3 && !q) {
        return false;
    }
    if (operation == 3) { // AND, BIC, ORR, ORN; EOR, BSL, BIT, BIF
        for (unsigned i = 0; i < (q ? 2u : 1u); i++) {
            uint64_t x = a.d[i], y = b.d[i], old = s->v[d].d[i];
            switch (u << 2 | size) {
            case 0: x &= y; break;
            case 1: x &= ~y; break;
            case 2: x |= y; break;
            case 3: x |= ~y; break;
            case 4: x ^= y; break;
            case 5: x = (old & x) | (~old & y); break;
            case 6: x = (x & y) | (old & ~y); break;
            default: x = (old & y) | (x & ~y);
            }
            result.d[i] = x;
        }
        s->v[d] = result;
        return true;
    }
    if (size == 3 && (operation < 1 || operation == 2 || operation == 4 || (operation >= 12 && operation <= 15) ||
                      operation == 18 || operation == 19 || operation == 20 || operation == 21))
        return false;
    if ((operation == 19 && u && size) || (operation == 22 && (size == 0 || size == 3)) || (operation == 23 && u))
        return false;
    unsigned count = scalar ? 1 : (q ? 16u : 8u) >> size;
    bool pairwise = operation == 20 || operation == 21 || operation == 23;
    for (unsigned i = 0; i < count; i++) {
        wide x = get_lane(&a, size, i, u), y = get_lane(&b, size, i, u), old = get_lane(&s->v[d], size, i, u), r = 0;
        if (pairwise) {
            const lanes *from = i < count / 2 ? &a : &b;
            x = get_lane(from, size, i % (count / 2) * 2, u);
            y = get_lane(from, size, i % (count / 2) * 2 + 1, u);
        }
        int by = (int8_t)(uint8_t)(uint64_t)get_lane(&b, size, i, true);
        switch (operation) {
        case 0: r = (x + y) >> 1; break;
        case 1: r = saturate(s, x + y, bits, u); break;
        case 2: r = (x + y + 1) >> 1; break;
        case 4: r = (x - y) >> 1; break;
        case 5: r = saturate(s, x - y, bits, u); break;
        case 6: r = x > y ? -1 : 0; break;
        case 7: r = x >= y ? -1 : 0; break;
        case 8: r = shift_lane(s, x, by, bits, u, false, false); break;
        case 9: r = shift_lane(s, x, by, bits, u, false, true); break;
        case 10: r = shift_lane(s, x, by, bits, u, true, false); break;
        case 11: r = shift_lane(s, x, by, bits, u, true, true); break;
        case 12:
        case 20: r = x > y ? x : y; break;
        case 13:
        case 21: r = x < y ? x : y; break;
        case 14: r = x > y ? x - y : y - x; break;
        case 15: r = old + (x > y ? x - y : y - x); break;
        case 16: r = u ? x - y : x + y; break;
        case 17: r = (u ? x == y : (x & y) != 0) ? -1 : 0; break;
        case 18: r = u ? old - x * y : old + x * y; break;
        case 19: r = u ? (wide)polynomial((uint64_t)x, (uint64_t)y) : x * y; break;
        case 22:
            x = get_lane(&a, size, i, false), y = get_lane(&b, size, i, false);
            r = doubling_high(s, x, y, 0, bits, u);
            break;
        default: r = x + y; // ADDP
        }
        set_element(&result, size, i, (uint64_t)r);
    }
    s->v[d] = result;
    return true;
}

// SQRDMLAH, SQRDMLSH, SDOT, UDOT
static bool three_same_extra(struct state *s, uint32_t w)
{
    unsigned operation = field(w, 12, 11), size = field(w, 23, 22), bits = 8u << size;
    bool u = bit(w, 29), scalar = bit(w, 28), q = bit(w, 30) || scalar;
    unsigned n = field(w, 9, 5), m = field(w, 20, 16), d = field(w, 4, 0);
    lanes a = s->v[n], b = s->v[m], result = {};
    if (operation == 2) {
        if (scalar || size != 2)
            return false;
        for (unsigned i = 0; i < (q ? 4u : 2u); i++) {
            wide sum = s->v[d].s[i];
            for (unsigned j = 0; j < 4; j++)
                sum += get_lane(&a, 0, 4 * i + j, u) * get_lane(&b, 0, 4 * i + j, u);
            result.s[i] = (uint32_t)(uint64_t)sum;
        }
    } else {
        if (!u || size == 0 || size == 3)
            return false;
        for (unsigned i = 0; i < (scalar ? 1 : (q ? 16u : 8u) >> size); i++) {
            wide x = get_lane(&a, size, i, false), y = get_lane(&b, size, i, false);
            put_lane(&result, size, i,
                     doubling_high(s, operation ? -x : x, y, get_lane(&s->v[d], size, i, false), bits, true));
        }
    }
    s->v[d] = result;
    return true;
}

// The long, wide and narrow ones; the second operand's elements may all be one (by element).
bool different(struct state *s, uint32_t w, unsigned operation, const lanes *b_lanes)
{
    unsigned size = field(w, 23, 22), bits = 8u << size, n = field(w, 9, 5), d = field(w, 4, 0);
    bool u = bit(w, 29), scalar = bit(w, 28), upper = bit(w, 30) && !scalar;
    lanes a = s->v[n], b = *b_lanes, result = {};
    bool doubling = operation == 9 || operation == 11 || operation == 13;
    if (operation == 14 ? u || (size != 0 && size != 3) || scalar : size == 3)
        return false;
    if (doubling ? u || size == 0 : scalar)
        return false;
    if (operation == 15)
        return false;
    if (operation == 14) {
        for (unsigned i = 0; i < (size ? 1u : 8u); i++) {
            unsigned from = i + (upper ? 8u >> size : 0);
            unsigned __int128 product = polynomial(element(&a, size, from), element(&b, size, from));
            if (size)
                result.d[0] = (uint64_t)product, result.d[1] = (uint64_t)(product >> 64);
            else
                result.h[i] = (uint16_t)product;
        }
        s->v[d] = result;
        return true;
    }
    if (operation == 4 || operation == 6) { // ADDHN, SUBHN and rounding
        result = upper ? s->v[d] : result;
        if (upper)
            result.d[1] = 0;
        for (unsigned i = 0; i < 8u >> size; i++) {
            wide x = get_lane(&a, size + 1, i, true), y = get_lane(&b, size + 1, i, true);
            x = (operation == 4 ? x + y : x - y) + (u ? (wide)1 << (bits - 1) : 0);
            put_lane(&result, size, i + (upper ? 8u >> size : 0), x >> bits);
        }
        s->v[d] = result;
        return true;
    }
    for (unsigned i = 0; i < (scalar ? 1 : 8u >> size); i++) {
        unsigned from = i + (upper ? 8u >> size : 0);
        wide x = get_lane(&a, size, from, u), y = get_lane(&b, size, from, u), old = get_lane(&s->v[d], size + 1, i, u),
             r = 0;
        if (operation == 1 || operation == 3)
            x = get_lane(&a, size + 1, i, u);
        switch (operation) {
        case 0:
        case 1: r = x + y; break;
        case 2:
        case 3: r = x - y; break;
        case 5: r = old + (x > y ? x - y : y - x); break;
        case 7: r = x > y ? x - y : y - x; break;
        case 8: r = old + x * y; break;
        case 10: r = old - x * y; break;
        case 12: r = x * y; break;
        default:
            r = saturate(s, 2 * x * y, 2 * bits, false);
            if (operation != 13)
                r = saturate(s, operation == 9 ? old + r : old - r, 2 * bits, false);
        }
        put_lane(&result, size + 1, i, r);
    }
    s->v[d] = result;
    return true;
}

static bool three_different(struct state *s, uint32_t w)
{
    lanes b = s->v[field(w, 20, 16)];
    return different(s, w, field(w, 15, 12), &b);
}

static bool matrix(struct state *s, uint32_t w) // SMMLA, UMMLA, USMMLA
{
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = s->v[field(w, 4, 0)];
    bool both = bit(w, 29), first = both || bit(w, 11);
    if (both && bit(w, 11))
        return false;
    for (unsigned i = 0; i < 4; i++)
        for (unsigned k = 0; k < 8; k++)
            result.s[i] +=
                (uint32_t)(uint64_t)(get_lane(&a, 0, i / 2 * 8 + k, first) * get_lane(&b, 0, i % 2 * 8 + k, both));
    s->v[field(w, 4, 0)] = result;
    return true;
}

static bool mixed_dot(struct state *s, uint32_t w) // USDOT
{
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = s->v[field(w, 4, 0)];
    for (unsigned i = 0; i < 16; i++)
        result.s[i / 4] += (uint32_t)(uint64_t)(get_lane(&a, 0, i, true) * get_lane(&b, 0, i, false));
    if (!bit(w, 30))
        result.d[1] = 0;
    s->v[field(w, 4, 0)] = result;
    return true;
}

#define SAME(NAME, OPERATION) {NAME, "0qu01110ss1VVVVV" OPERATION "1VVVVVVVVVV", three_same, ALWAYS}
#define SAME_SCALAR(NAME, OPERATION) {NAME " (scalar)", "01u11110ss1VVVVV" OPERATION "1VVVVVVVVVV", three_same, ALWAYS}
#define SAME_SCALAR64(NAME, OPERATION) \
    {NAME " (scalar)", "01u11110111VVVVV" OPERATION "1VVVVVVVVVV", three_same, ALWAYS}
#define DIFFERENT(NAME, OPERATION) {NAME, "0qu01110ss1VVVVV" OPERATION "00VVVVVVVVVV", three_different, ALWAYS}
#define DOUBLING(NAME, OPERATION)                                                              \
    {NAME, "0q001110ss1VVVVV" OPERATION "00VVVVVVVVVV", three_different, ALWAYS},              \
    {                                                                                          \
        NAME " (scalar)", "01011110ss1VVVVV" OPERATION "00VVVVVVVVVV", three_different, ALWAYS \
    }
static const struct row vector_rows[] = {
    SAME("SHADD, UHADD", "00000"),
    SAME("SQADD, UQADD", "00001"),
    SAME("SRHADD, URHADD", "00010"),
    SAME("AND, BIC, ORR, ORN, EOR, BSL, BIT, BIF", "00011"),
    SAME("SHSUB, UHSUB", "00100"),
    SAME("SQSUB, UQSUB", "00101"),
    SAME("CMGT, CMHI", "00110"),
    SAME("CMGE, CMHS", "00111"),
    SAME("SSHL, USHL", "01000"),
    SAME("SQSHL, UQSHL", "01001"),
    SAME("SRSHL, URSHL", "01010"),
    SAME("SQRSHL, UQRSHL", "01011"),
    SAME("SMAX, UMAX", "01100"),
    SAME("SMIN, UMIN", "01101"),
    SAME("SABD, UABD", "01110"),
    SAME("SABA, UABA", "01111"),
    SAME("ADD, SUB", "10000"),
    SAME("CMTST, CMEQ", "10001"),
    SAME("MLA, MLS", "10010"),
    SAME("MUL, PMUL", "10011"),
    SAME("SMAXP, UMAXP", "10100"),
    SAME("SMINP, UMINP", "10101"),
    SAME("SQDMULH, SQRDMULH", "10110"),
    SAME("ADDP", "10111"),
    {"PMUL", "0q101110001VVVVV100111VVVVVVVVVV", three_same, ALWAYS},
    SAME_SCALAR("SQADD, UQADD", "00001"),
    SAME_SCALAR("SQSUB, UQSUB", "00101"),
    SAME_SCALAR64("CMGT, CMHI", "00110"),
    SAME_SCALAR64("CMGE, CMHS", "00111"),
    SAME_SCALAR64("SSHL, USHL", "01000"),
    SAME_SCALAR("SQSHL, UQSHL", "01001"),
    SAME_SCALAR64("SRSHL, URSHL", "01010"),
    SAME_SCALAR("SQRSHL, UQRSHL", "01011"),
    SAME_SCALAR64("ADD, SUB", "10000"),
    SAME_SCALAR64("CMTST, CMEQ", "10001"),
    SAME_SCALAR("SQDMULH, SQRDMULH", "10110"),
    {"SQRDMLAH, SQRDMLSH", "0q101110ss0VVVVV1000o1VVVVVVVVVV", three_same_extra, 12},
    {"SQRDMLAH, SQRDMLSH (scalar)", "01111110ss0VVVVV1000o1VVVVVVVVVV", three_same_extra, 12},
    {"SDOT, UDOT", "0qu01110100VVVVV100101VVVVVVVVVV", three_same_extra, 20},
    {"USDOT", "0q001110100VVVVV100111VVVVVVVVVV", mixed_dot, 64 + 13},
    {"SMMLA, UMMLA, USMMLA", "01u01110100VVVVV1010b1VVVVVVVVVV", matrix, 64 + 13},
    DIFFERENT("SADDL, UADDL", "0000"),
    DIFFERENT("SADDW, UADDW", "0001"),
    DIFFERENT("SSUBL, USUBL", "0010"),
    DIFFERENT("SSUBW, USUBW", "0011"),
    DIFFERENT("ADDHN, RADDHN", "0100"),
    DIFFERENT("SABAL, UABAL", "0101"),
    DIFFERENT("SUBHN, RSUBHN", "0110"),
    DIFFERENT("SABDL, UABDL", "0111"),
    DIFFERENT("SMLAL, UMLAL", "1000"),
    DIFFERENT("SMLSL, UMLSL", "1010"),
    DIFFERENT("SMULL, UMULL", "1100"),
    DOUBLING("SQDMLAL", "1001"),
    DOUBLING("SQDMLSL", "1011"),
    DOUBLING("SQDMULL", "1101"),
    {"PMULL", "0q001110001VVVVV111000VVVVVVVVVV", three_different, ALWAYS},
    {"PMULL of 64 bits", "0q001110111VVVVV111000VVVVVVVVVV", three_different, 4},
};
const struct instruction_class vector_class = {vector_rows, sizeof vector_rows / sizeof *vector_rows, VECTORS};
