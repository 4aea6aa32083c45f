// Floating point on single values (Arm ARM DDI 0487, C4.1.95: floating-point data-processing, compare, convert).
#include "fp.h"

// The size that `ftype` names, or 0.
static unsigned size_of(uint32_t w)
{
    static const uint8_t sizes[4] = {2, 3, 0, 1};
    unsigned size = sizes[field(w, 23, 22)];
    return size == 1 && !fp_halves ? 0 : size;
}

static uint64_t read(const struct state *s, unsigned size, unsigned number)
{
    return element(&s->v[number & 7], size, 0);
}

static void write(struct state *s, unsigned size, unsigned number, uint64_t value)
{
    s->v[number] = (lanes){};
    set_element(&s->v[number], size, 0, value);
}

static bool one_source(struct state *s, uint32_t w)
{
    unsigned size = size_of(w), operation = field(w, 20, 15), d = field(w, 4, 0);
    if (size == 0)
        return false;
    uint64_t a = read(s, size, field(w, 9, 5)), sign = fp_sign(size), r;
    switch (operation) {
    case 0: r = a; break;
    case 1: r = a & ~sign; break;
    case 2: r = a ^ sign; break;
    case 3: r = fp_root(s, size, a); break;
    case 4:
    case 5:
    case 7: {
        unsigned to = operation == 4 ? 2 : operation == 5 ? 3 : 1;
        if (to == size)
            return false;
        write(s, to, d, fp_convert(s, size, to, a, false));
        return true;
    }
    case 8: r = fp_round(s, size, a, TIES_EVEN, false); break;
    case 9: r = fp_round(s, size, a, UP, false); break;
    case 10: r = fp_round(s, size, a, DOWN, false); break;
    case 11: r = fp_round(s, size, a, ZERO, false); break;
    case 12: r = fp_round(s, size, a, TIES_AWAY, false); break;
    case 14: r = fp_round(s, size, a, fp_mode(s), true); break;
    case 15: r = fp_round(s, size, a, fp_mode(s), false); break;
    case 16:
    case 17:
    case 18:
    case 19:
        if (size == 1)
            return false;
        r = fp_round_to(s, size, a, operation & 1 ? fp_mode(s) : ZERO, operation & 2 ? 64 : 32);
        break;
    default: return false;
    }
    write(s, size, d, r);
    return true;
}

static bool two_sources(struct state *s, uint32_t w)
{
    unsigned size = size_of(w), operation = field(w, 15, 12);
    if (size == 0)
        return false;
    uint64_t a = read(s, size, field(w, 9, 5)), b = read(s, size, field(w, 20, 16)), r;
    switch (operation) {
    case 0: r = fp_multiply(s, size, a, b, false); break;
    case 1: r = fp_divide(s, size, a, b); break;
    case 2:
    case 3: r = fp_add(s, size, a, b, operation & 1); break;
    case 4:
    case 5: r = fp_pick(s, size, a, b, operation & 1, false); break;
    case 6:
    case 7: r = fp_pick(s, size, a, b, operation & 1, true); break;
    case 8: r = fp_multiply(s, size, a, b, false) ^ fp_sign(size); break;
    default: return false;
    }
    write(s, size, field(w, 4, 0), r);
    return true;
}

static bool three_sources(struct state *s, uint32_t w)
{
    unsigned size = size_of(w);
    if (size == 0)
        return false;
    uint64_t a = read(s, size, field(w, 9, 5)), b = read(s, size, field(w, 20, 16)),
             c = read(s, size, field(w, 14, 10));
    if (bit(w, 21))
        c ^= fp_sign(size);
    if (bit(w, 21) != bit(w, 15))
        a ^= fp_sign(size);
    write(s, size, field(w, 4, 0), fp_fuse(s, size, c, a, b));
    return true;
}

static bool compare(struct state *s, uint32_t w)
{
    unsigned size = size_of(w);
    if (size == 0)
        return false;
    uint64_t b = bit(w, 3) ? 0 : read(s, size, field(w, 20, 16));
    s->nzcv = fp_compare(s, size, read(s, size, field(w, 9, 5)), b, bit(w, 4));
    return true;
}

static bool compare_conditionally(struct state *s, uint32_t w)
{
    unsigned size = size_of(w);
    if (size == 0)
        return false;
    s->nzcv = holds((unsigned)s->nzcv, field(w, 15, 12))
                  ? fp_compare(s, size, read(s, size, field(w, 9, 5)), read(s, size, field(w, 20, 16)), bit(w, 4))
                  : field(w, 3, 0);
    return true;
}

static bool select(struct state *s, uint32_t w)
{
    unsigned size = size_of(w);
    if (size == 0)
        return false;
    write(s, size, field(w, 4, 0),
          read(s, size, holds((unsigned)s->nzcv, field(w, 15, 12)) ? field(w, 9, 5) : field(w, 20, 16)));
    return true;
}

static bool immediate(struct state *s, uint32_t w)
{
    unsigned size = size_of(w);
    if (size == 0)
        return false;
    write(s, size, field(w, 4, 0), fp_immediate(size, field(w, 20, 13)));
    return true;
}

static bool convert_integer(struct state *s, uint32_t w)
{
    unsigned size = size_of(w), mode = field(w, 20, 19), operation = field(w, 18, 16), n = field(w, 9, 5),
             d = field(w, 4, 0);
    bool wide = bit(w, 31);
    unsigned bits = wide ? 64 : 32;
    if (operation >= 6) { // FMOV, FJCVTZS
        bool upper = field(w, 23, 22) == 2;
        if (mode == 3 && operation == 6 && !wide && size == 3) {
            // Of a number that is flushed to zero the Arm ARM (FPToFixedJS) clears Z, and QEMU does not.
            uint64_t a = s->v[n & 7].d[0];
            if (s->fpcr >> 24 & 1 && a << 12 && !(a << 1 >> 53))
                return false;
            set(s, d, false, fp_javascript(s, read(s, 3, n)));
            return true;
        }
        if (upper ? mode != 1 || !wide : mode != 0 || size == 0 || (size == 3 && !wide) || (size == 2 && wide))
            return false;
        if (operation == 6)
            set(s, d, wide, upper ? s->v[n & 7].d[1] : read(s, size, n));
        else if (upper)
            s->v[d].d[1] = get(s, n);
        else
            write(s, size, d, get(s, n));
        return true;
    }
    if (size == 0)
        return false;
    if (operation == 2 || operation == 3) {
        if (mode)
            return false;
        write(s, size, d, fp_from_integer(s, size, get(s, n), 0, bits, operation & 1));
        return true;
    }
    if (operation >= 4 && mode)
        return false;
    enum toward rounding = operation >= 4 ? TIES_AWAY : (enum toward)mode;
    set(s, d, wide, fp_to_integer(s, size, read(s, size, n), 0, rounding, bits, operation & 1));
    return true;
}

static bool convert_fixed(struct state *s, uint32_t w)
{
    unsigned size = size_of(w), fraction = 64 - field(w, 15, 10), n = field(w, 9, 5), d = field(w, 4, 0);
    bool wide = bit(w, 31);
    unsigned bits = wide ? 64 : 32;
    if (size == 0 || fraction > bits)
        return false;
    if (bit(w, 17))
        write(s, size, d, fp_from_integer(s, size, get(s, n), fraction, bits, bit(w, 16)));
    else
        set(s, d, wide, fp_to_integer(s, size, read(s, size, n), fraction, ZERO, bits, bit(w, 16)));
    return true;
}

#define JSCVT 13
#define FRINT (64 + 8)
static const struct row fp_rows[] = {
    {"FMOV (register)", "00011110tt100000010000VVVVVVVVVV", one_source, ALWAYS},
    {"FABS", "00011110tt100000110000VVVVVVVVVV", one_source, ALWAYS},
    {"FNEG", "00011110tt100001010000VVVVVVVVVV", one_source, ALWAYS},
    {"FSQRT", "00011110tt100001110000VVVVVVVVVV", one_source, ALWAYS},
    {"FCVT", "00011110tt10001oo10000VVVVVVVVVV", one_source, ALWAYS},
    {"FRINTN, FRINTP, FRINTM, FRINTZ", "00011110tt10010oo10000VVVVVVVVVV", one_source, ALWAYS},
    {"FRINTA, FRINTX, FRINTI", "00011110tt10011oo10000VVVVVVVVVV", one_source, ALWAYS},
    {"FRINT32Z, FRINT32X, FRINT64Z, FRINT64X", "000111100t10100oo10000VVVVVVVVVV", one_source, FRINT},
    {"FMUL", "00011110tt1VVVVV000010VVVVVVVVVV", two_sources, ALWAYS},
    {"FDIV", "00011110tt1VVVVV000110VVVVVVVVVV", two_sources, ALWAYS},
    {"FADD, FSUB", "00011110tt1VVVVV001o10VVVVVVVVVV", two_sources, ALWAYS},
    {"FMAX, FMIN", "00011110tt1VVVVV010o10VVVVVVVVVV", two_sources, ALWAYS},
    {"FMAXNM, FMINNM", "00011110tt1VVVVV011o10VVVVVVVVVV", two_sources, ALWAYS},
    {"FNMUL", "00011110tt1VVVVV100010VVVVVVVVVV", two_sources, ALWAYS},
    {"FMADD, FMSUB, FNMADD, FNMSUB", "00011111ttoVVVVVoVVVVVVVVVVVVVVV", three_sources, ALWAYS},
    {"FCMP, FCMPE", "00011110tt1VVVVV001000VVVVVoz000", compare, ALWAYS},
    {"FCCMP, FCCMPE", "00011110tt1VVVVVcccc01VVVVVoffff", compare_conditionally, ALWAYS},
    {"FCSEL", "00011110tt1VVVVVcccc11VVVVVVVVVV", select, ALWAYS},
    {"FMOV (immediate)", "00011110tt1iiiiiiii10000000VVVVV", immediate, ALWAYS},
    {"FCVTNS, FCVTNU, FCVTPS, FCVTPU, FCVTMS, FCVTMU, FCVTZS, FCVTZU", "z0011110tt1mm00u000000VVVVVRRRRR",
     convert_integer, ALWAYS},
    {"FCVTAS, FCVTAU", "z0011110tt10010u000000VVVVVRRRRR", convert_integer, ALWAYS},
    {"SCVTF, UCVTF", "z0011110tt10001u000000RRRRRVVVVV", convert_integer, ALWAYS},
    {"FMOV (to general)", "z0011110tt10m110000000VVVVVRRRRR", convert_integer, ALWAYS},
    {"FMOV (from general)", "z0011110tt10m111000000RRRRRVVVVV", convert_integer, ALWAYS},
    {"FJCVTZS", "0001111001111110000000VVVVVRRRRR", convert_integer, JSCVT},
    {"FCVTZS, FCVTZU (fixed point)", "z0011110tt01100uiiiiiiVVVVVRRRRR", convert_fixed, ALWAYS},
    {"SCVTF, UCVTF (fixed point)", "z0011110tt00001uiiiiiiRRRRRVVVVV", convert_fixed, ALWAYS},
};
const struct instruction_class fp_class = {fp_rows, sizeof fp_rows / sizeof *fp_rows, FLOATS};
