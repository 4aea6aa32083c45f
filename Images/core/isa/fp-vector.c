// Floating point on vectors, and the scalar forms of the same encodings (Arm ARM DDI 0487, C4.1.95).
#include "fp.h"

bool fp_halves = true;

// Half precision has encodings of its own; `half` tells which these are.
static unsigned lane_size(uint32_t w, bool half) { return half ? fp_halves ? 1 : 0 : bit(w, 22) ? 3 : 2; }

static uint64_t all(unsigned size, bool holds_here) { return holds_here ? mask(8u << size) : 0; }

// U, bit 23 and the opcode as one number.
enum {
    MAXNM = 0x00,
    MINNM = 0x20,
    MLA = 0x01,
    MLS = 0x21,
    ADD = 0x02,
    SUB = 0x22,
    MULX = 0x03,
    CMEQ = 0x04,
    MAX = 0x06,
    MIN = 0x26,
    RECPS = 0x07,
    RSQRTS = 0x27,
    MAXNMP = 0x40,
    MINNMP = 0x60,
    ADDP = 0x42,
    ABD = 0x62,
    MUL = 0x43,
    CMGE = 0x44,
    CMGT = 0x64,
    ACGE = 0x45,
    ACGT = 0x65,
    MAXP = 0x46,
    MINP = 0x66,
    DIV = 0x47
};

static uint64_t combine(struct state *s, unsigned size, unsigned operation, uint64_t a, uint64_t b, uint64_t old)
{
    uint64_t sign = fp_sign(size);
    switch (operation) {
    case MAXNM:
    case MAXNMP: return fp_pick(s, size, a, b, false, true);
    case MINNM:
    case MINNMP: return fp_pick(s, size, a, b, true, true);
    case MAX:
    case MAXP: return fp_pick(s, size, a, b, false, false);
    case MIN:
    case MINP: return fp_pick(s, size, a, b, true, false);
    case MLA: return fp_fuse(s, size, old, a, b);
    case MLS: return fp_fuse(s, size, old, a ^ sign, b);
    case ADD:
    case ADDP: return fp_add(s, size, a, b, false);
    case SUB: return fp_add(s, size, a, b, true);
    case ABD: return fp_add(s, size, a, b, true) & ~sign;
    case MULX: return fp_multiply(s, size, a, b, true);
    case MUL: return fp_multiply(s, size, a, b, false);
    case DIV: return fp_divide(s, size, a, b);
    case CMEQ: return all(size, fp_equal(s, size, a, b));
    case CMGE: return all(size, fp_greater(s, size, a, b, true));
    case CMGT: return all(size, fp_greater(s, size, a, b, false));
    case ACGE: return all(size, fp_greater(s, size, a & ~sign, b & ~sign, true));
    case ACGT: return all(size, fp_greater(s, size, a & ~sign, b & ~sign, false));
    case RECPS: return fp_step(s, size, a, b, false);
    default: return fp_step(s, size, a, b, true);
    }
}

static bool three(struct state *s, uint32_t w)
{
    static const uint64_t known = 1ull << MAXNM | 1ull << MINNM | 1ull << MLA | 1ull << MLS | 1ull << ADD |
                                  1ull << SUB | 1ull << MULX | 1ull << CMEQ | 1ull << MAX | 1ull << MIN |
                                  1ull << RECPS | 1ull << RSQRTS,
                          known_u = 1ull << (MAXNMP - 64) | 1ull << (MINNMP - 64) | 1ull << (ADDP - 64) |
                                    1ull << (ABD - 64) | 1ull << (MUL - 64) | 1ull << (CMGE - 64) |
                                    1ull << (CMGT - 64) | 1ull << (ACGE - 64) | 1ull << (ACGT - 64) |
                                    1ull << (MAXP - 64) | 1ull << (MINP - 64) | 1ull << (DIV - 64);
    unsigned size = lane_size(w, !bit(w, 21)),
             operation = (unsigned)bit(w, 29) << 6 | bit(w, 23) << 5 | field(w, 13, 11), d = field(w, 4, 0);
    bool scalar = bit(w, 28);
    if (size == 0 || !((operation < 64 ? known >> operation : known_u >> (operation - 64)) & 1) ||
        (size == 3 && !bit(w, 30)))
        return false;
    if (scalar && operation != MULX && operation != CMEQ && operation != RECPS && operation != RSQRTS &&
        operation != ABD && operation != CMGE && operation != CMGT && operation != ACGE && operation != ACGT)
        return false;
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = {};
    unsigned count = lane_count(w, size);
    bool pairs =
        operation == MAXNMP || operation == MINNMP || operation == ADDP || operation == MAXP || operation == MINP;
    for (unsigned i = 0; i < count; i++) {
        uint64_t x = element(&a, size, i), y = element(&b, size, i);
        if (pairs) {
            const lanes *from = i < count / 2 ? &a : &b;
            x = element(from, size, i % (count / 2) * 2), y = element(from, size, i % (count / 2) * 2 + 1);
        }
        set_element(&result, size, i, combine(s, size, operation, x, y, element(&s->v[d], size, i)));
    }
    s->v[d] = result;
    return true;
}

static bool by_element(struct state *s, uint32_t w)
{
    bool half = field(w, 23, 22) == 0;
    unsigned size = lane_size(w, half), operation = field(w, 15, 12), d = field(w, 4, 0), index;
    if (size == 0 || (!half && !bit(w, 23)) || (size == 3 && (bit(w, 21) || !bit(w, 30))) || (half ? 0 : bit(w, 20)))
        return false;
    if (half)
        index = (unsigned)bit(w, 11) << 2 | bit(w, 21) << 1 | bit(w, 20);
    else
        index = size == 3 ? bit(w, 11) : (unsigned)bit(w, 11) << 1 | bit(w, 21);
    lanes a = s->v[field(w, 9, 5)], result = {};
    uint64_t y = element(&s->v[field(w, 19, 16) & 7], size, index);
    for (unsigned i = 0; i < lane_count(w, size); i++)
        set_element(&result, size, i,
                    combine(s, size,
                            operation == 1   ? MLA
                            : operation == 5 ? MLS
                            : bit(w, 29)     ? MULX
                                             : MUL,
                            element(&a, size, i), y, element(&s->v[d], size, i)));
    s->v[d] = result;
    return true;
}

static bool two(struct state *s, uint32_t w)
{
    bool half = field(w, 21, 17) == 28, u = bit(w, 29);
    unsigned size = lane_size(w, half), operation = (unsigned)bit(w, 23) << 5 | field(w, 16, 12), d = field(w, 4, 0);
    if (size == 0 || (size == 3 && !bit(w, 30)) || (half && !bit(w, 22)))
        return false;
    lanes a = s->v[field(w, 9, 5)], result = {};
    uint64_t sign = fp_sign(size);
    bool scalar = bit(w, 28);
    unsigned bits = 8u << size;
    for (unsigned i = 0; i < lane_count(w, size); i++) {
        uint64_t x = element(&a, size, i), r;
        switch (operation) {
        case 0x18: r = fp_round(s, size, x, u ? TIES_AWAY : TIES_EVEN, false); break;
        case 0x38:
            r = fp_round(s, size, x, UP, false);
            if (u)
                return false;
            break;
        case 0x19: r = fp_round(s, size, x, u ? fp_mode(s) : DOWN, u); break;
        case 0x39: r = fp_round(s, size, x, u ? fp_mode(s) : ZERO, false); break;
        case 0x1a: r = fp_to_integer(s, size, x, 0, TIES_EVEN, bits, u); break;
        case 0x3a: r = fp_to_integer(s, size, x, 0, UP, bits, u); break;
        case 0x1b: r = fp_to_integer(s, size, x, 0, DOWN, bits, u); break;
        case 0x3b: r = fp_to_integer(s, size, x, 0, ZERO, bits, u); break;
        case 0x1c: r = fp_to_integer(s, size, x, 0, TIES_AWAY, bits, u); break;
        case 0x3c:
            if (size != 2 || scalar)
                return false;
            r = estimate_integer((uint32_t)x, u);
            break;
        case 0x1d: r = fp_from_integer(s, size, x, 0, bits, u); break;
        case 0x3d: r = u ? fp_root_estimate(s, size, x) : fp_estimate(s, size, x); break;
        case 0x2c: r = all(size, fp_greater(s, size, x, 0, u)); break;
        case 0x2d: r = all(size, u ? fp_greater(s, size, 0, x, true) : fp_equal(s, size, x, 0)); break;
        case 0x2e:
            if (u)
                return false;
            r = all(size, fp_greater(s, size, 0, x, false));
            break;
        case 0x2f:
            if (scalar)
                return false;
            r = u ? x ^ sign : x & ~sign;
            break;
        case 0x1e:
        case 0x1f:
            if (half)
                return false;
            r = fp_round_to(s, size, x, u ? fp_mode(s) : ZERO, operation & 1 ? 64 : 32);
            break;
        case 0x3f:
            if (scalar ? u : !u)
                return false;
            r = scalar ? fp_exponent(s, size, x) : fp_root(s, size, x);
            break;
        default: return false;
        }
        if (scalar && (operation == 0x18 || operation == 0x38 || operation == 0x19 || operation == 0x39 ||
                       operation == 0x1e || operation == 0x1f))
            return false;
        set_element(&result, size, i, r);
    }
    s->v[d] = result;
    return true;
}

static bool resize(struct state *s, uint32_t w) // FCVTN, FCVTXN, FCVTL
{
    unsigned small = bit(w, 22) ? 2 : 1, d = field(w, 4, 0);
    bool u = bit(w, 29), narrow = field(w, 16, 12) == 22, scalar = bit(w, 28), upper = bit(w, 30) && !scalar;
    if ((u || scalar) && (small == 1 || !narrow || !u))
        return false;
    lanes a = s->v[field(w, 9, 5)], result = {};
    unsigned count = scalar ? 1 : 8u >> small;
    if (narrow && upper)
        result.d[0] = s->v[d].d[0];
    for (unsigned i = 0; i < count; i++)
        if (narrow)
            set_element(&result, small, i + (upper ? count : 0),
                        fp_convert(s, small + 1, small, element(&a, small + 1, i), u));
        else
            set_element(&result, small + 1, i,
                        fp_convert(s, small, small + 1, element(&a, small, i + (upper ? count : 0)), false));
    s->v[d] = result;
    return true;
}

static bool reduce(struct state *s, uint32_t w) // of two elements, or of all
{
    bool half = !bit(w, 29), pair = bit(w, 28);
    unsigned size = lane_size(w, half), operation = field(w, 16, 12);
    if (size == 0 || (half && bit(w, 22)) || (!pair && size == 3) || (!pair && size == 2 && !bit(w, 30)) ||
        operation == 14 || (operation == 13 && (bit(w, 23) || !pair)))
        return false;
    lanes a = s->v[field(w, 9, 5)], result = {};
    unsigned what = operation == 13 ? ADD : operation == 12 ? (bit(w, 23) ? MINNM : MAXNM) : bit(w, 23) ? MIN : MAX;
    unsigned count = pair ? 2 : (bit(w, 30) ? 16u : 8u) >> size;
    for (; count > 1; count /= 2)
        for (unsigned i = 0; i < count / 2; i++)
            set_element(&a, size, i, combine(s, size, what, element(&a, size, 2 * i), element(&a, size, 2 * i + 1), 0));
    set_element(&result, size, 0, element(&a, size, 0));
    s->v[field(w, 4, 0)] = result;
    return true;
}

static bool convert_fixed(struct state *s, uint32_t w)
{
    unsigned h = field(w, 22, 19), d = field(w, 4, 0), size = h & 8 ? 3 : h & 4 ? 2 : h & 2 ? 1 : 0;
    if (size == 0 || (size == 1 && !fp_halves) || (size == 3 && !bit(w, 30)))
        return false;
    unsigned bits = 8u << size, fraction = 2 * bits - field(w, 22, 16);
    lanes a = s->v[field(w, 9, 5)], result = {};
    for (unsigned i = 0; i < lane_count(w, size); i++) {
        uint64_t x = element(&a, size, i);
        set_element(&result, size, i,
                    field(w, 15, 11) == 28 ? fp_from_integer(s, size, x, fraction, bits, bit(w, 29))
                                           : fp_to_integer(s, size, x, fraction, ZERO, bits, bit(w, 29)));
    }
    s->v[d] = result;
    return true;
}

static bool is_half(uint32_t w) { return field(w, 22, 20) == 1; }
static bool fixed(struct state *s, uint32_t w) { return !is_half(w) && convert_fixed(s, w); }
static bool fixed_half(struct state *s, uint32_t w) { return is_half(w) && convert_fixed(s, w); }

#define HALVES 10
#define THREE(NAME, OPERATION)                                                      \
    {NAME, "0qu01110as1VVVVV11" OPERATION "1VVVVVVVVVV", three, ALWAYS},            \
    {                                                                               \
        NAME " (half)", "0qu01110a10VVVVV00" OPERATION "1VVVVVVVVVV", three, HALVES \
    }
#define THREE_SCALAR(NAME, OPERATION)                                                       \
    {NAME " (scalar)", "01u11110as1VVVVV11" OPERATION "1VVVVVVVVVV", three, ALWAYS},        \
    {                                                                                       \
        NAME " (scalar, half)", "01u11110a10VVVVV00" OPERATION "1VVVVVVVVVV", three, HALVES \
    }
#define TWO(NAME, A, OPERATION)                                                     \
    {NAME, "0qu01110" A "s10000" OPERATION "10VVVVVVVVVV", two, ALWAYS},            \
    {                                                                               \
        NAME " (half)", "0qu01110" A "111100" OPERATION "10VVVVVVVVVV", two, HALVES \
    }
#define TWO_SCALAR(NAME, A, OPERATION)                                                      \
    {NAME " (scalar)", "01u11110" A "s10000" OPERATION "10VVVVVVVVVV", two, ALWAYS},        \
    {                                                                                       \
        NAME " (scalar, half)", "01u11110" A "111100" OPERATION "10VVVVVVVVVV", two, HALVES \
    }
static const struct row fp_vector_rows[] = {
    THREE("FMAXNM, FMINNM, FMAXNMP, FMINNMP", "000"),
    THREE("FADD, FSUB, FADDP, FABD", "010"),
    THREE("FMULX, FMUL", "011"),
    {"FMLA, FMLS", "0q001110as1VVVVV110011VVVVVVVVVV", three, ALWAYS},
    {"FMLA, FMLS (half)", "0q001110a10VVVVV000011VVVVVVVVVV", three, HALVES},
    THREE("FCMEQ, FCMGE, FCMGT", "100"),
    THREE("FACGE, FACGT", "101"),
    THREE("FMAX, FMIN, FMAXP, FMINP", "110"),
    THREE("FRECPS, FRSQRTS, FDIV", "111"),
    THREE_SCALAR("FABD", "010"),
    THREE_SCALAR("FMULX", "011"),
    THREE_SCALAR("FCMEQ, FCMGE, FCMGT", "100"),
    THREE_SCALAR("FACGE, FACGT", "101"),
    THREE_SCALAR("FRECPS, FRSQRTS", "111"),
    TWO("FRINTN, FRINTP, FRINTA", "a", "11000"),
    TWO("FRINTM, FRINTZ, FRINTX, FRINTI", "a", "11001"),
    TWO("FCVTNS, FCVTNU, FCVTPS, FCVTPU", "a", "11010"),
    TWO("FCVTMS, FCVTMU, FCVTZS, FCVTZU", "a", "11011"),
    TWO("FCVTAS, FCVTAU", "0", "11100"),
    TWO("SCVTF, UCVTF", "0", "11101"),
    TWO("FRECPE, FRSQRTE", "1", "11101"),
    TWO("FCMGT, FCMGE with zero", "1", "01100"),
    TWO("FCMEQ, FCMLE with zero", "1", "01101"),
    TWO("FCMLT with zero", "1", "01110"),
    TWO("FABS, FNEG", "1", "01111"),
    TWO("FSQRT", "1", "11111"),
    {"URECPE, URSQRTE",
     "0qu01110101000011100"
     "10VVVVVVVVVV",
     two, ALWAYS},
    {"FRINT32Z, FRINT32X, FRINT64Z, FRINT64X", "0qu011100s100001111o10VVVVVVVVVV", two, 64 + 8},
    TWO_SCALAR("FCVTNS, FCVTNU, FCVTPS, FCVTPU", "a", "11010"),
    TWO_SCALAR("FCVTMS, FCVTMU, FCVTZS, FCVTZU", "a", "11011"),
    TWO_SCALAR("FCVTAS, FCVTAU", "0", "11100"),
    TWO_SCALAR("SCVTF, UCVTF", "0", "11101"),
    TWO_SCALAR("FRECPE, FRSQRTE", "1", "11101"),
    TWO_SCALAR("FCMGT, FCMGE with zero", "1", "01100"),
    TWO_SCALAR("FCMEQ, FCMLE with zero", "1", "01101"),
    TWO_SCALAR("FCMLT with zero", "1", "01110"),
    TWO_SCALAR("FRECPX", "1", "11111"),
    {"FCVTN, FCVTXN",
     "0qu011100s1000010110"
     "10VVVVVVVVVV",
     resize, ALWAYS},
    {"FCVTXN (scalar)", "0111111001100001011010VVVVVVVVVV", resize, ALWAYS},
    {"FCVTL", "0q0011100s100001011110VVVVVVVVVV", resize, ALWAYS},
    {"FMAXNMP, FADDP, FMAXP, FMINNMP, FMINP (scalar)", "01111110as11000011oo10VVVVVVVVVV", reduce, ALWAYS},
    {"FMAXNMP, FADDP, FMAXP, FMINNMP, FMINP (scalar, half)", "01011110a011000011oo10VVVVVVVVVV", reduce, HALVES},
    {"FMAXNMV, FMINNMV, FMAXV, FMINV", "01101110a011000011oo10VVVVVVVVVV", reduce, ALWAYS},
    {"FMAXNMV, FMINNMV, FMAXV, FMINV (half)", "0q001110a011000011oo10VVVVVVVVVV", reduce, HALVES},
    {"FMLA, FMLS (by element)", "0q0011111slk00mm0o01h0VVVVVVVVVV", by_element, ALWAYS},
    {"FMUL, FMULX (by element)", "0qu011111slk00mm1001h0VVVVVVVVVV", by_element, ALWAYS},
    {"FMLA, FMLS (by element, half)", "0q00111100lk00mm0o01h0VVVVVVVVVV", by_element, HALVES},
    {"FMUL, FMULX (by element, half)", "0qu0111100lk00mm1001h0VVVVVVVVVV", by_element, HALVES},
    {"FMLA, FMLS (scalar, by element)", "010111111slk00mm0o01h0VVVVVVVVVV", by_element, ALWAYS},
    {"FMUL, FMULX (scalar, by element)", "01u111111slk00mm1001h0VVVVVVVVVV", by_element, ALWAYS},
    {"FCVTZS, FCVTZU (vector, fixed point)", "0qu011110SSSSSSS111111VVVVVVVVVV", convert_fixed, ALWAYS},
    {"SCVTF, UCVTF (vector, fixed point)", "0qu011110SSSSSSS111001VVVVVVVVVV", convert_fixed, ALWAYS},
    {"FCVTZS, FCVTZU (scalar, fixed point)", "01u111110SSSSSSS111111VVVVVVVVVV", fixed, ALWAYS},
    {"limit-fixed-half: FCVTZS of a half to fixed point leaves bits above the half", "01u111110001iiii111111VVVVVVVVVV",
     fixed_half, HALVES},
    {"SCVTF, UCVTF (scalar, fixed point)", "01u111110SSSSSSS111001VVVVVVVVVV", convert_fixed, ALWAYS},
};
const struct instruction_class fp_vector_class = {fp_vector_rows, sizeof fp_vector_rows / sizeof *fp_vector_rows,
                                                  FLOATS};
