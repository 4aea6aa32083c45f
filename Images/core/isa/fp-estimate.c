// Estimates and steps for division and square root (Arm ARM: RecipEstimate, RecipSqrtEstimate, FPRecipStepFused …).
#include "fp-number.h"

static unsigned estimate(unsigned a) // 256 to 511
{
    a = 2 * a + 1;
    return ((1u << 19) / a + 1) / 2;
}

static unsigned root_estimate(unsigned a) // 128 to 511
{
    a = a < 256 ? 2 * a + 1 : ((a >> 1 << 1) + 1) * 2;
    unsigned b = 512;
    while (a * (b + 1) * (b + 1) < 1u << 28)
        b++;
    return (b + 1) / 2;
}

uint32_t estimate_integer(uint32_t a, bool root)
{
    if (root)
        return a >> 30 ? root_estimate(a >> 23) << 23 : ~0u;
    return a >> 31 ? estimate(a >> 23) << 23 : ~0u;
}

uint64_t fp_estimate(struct state *s, unsigned size, uint64_t a)
{
    struct number x = unpack(s, size, a);
    unsigned frac = fraction_bits(size);
    if (x.kind >= QUIET)
        return pass_nan(s, size, a, x.kind);
    if (x.kind == INFINITE)
        return zero(size, x.negative);
    if (x.kind == ZEROS) {
        s->fpsr |= DZC;
        return infinity(size) | zero(size, x.negative);
    }
    uint64_t f = a & mask(frac);
    int e = (int)((a & (fp_sign(size) - 1)) >> frac);
    if (e == 0) {
        if (!(f >> (frac - 2))) { // its reciprocal is too large
            enum toward rounding = fp_mode(s);
            s->fpsr |= OFC | IXC;
            return (infinity(size) - (rounding == ZERO || rounding == (x.negative ? UP : DOWN))) |
                   zero(size, x.negative);
        }
        e = f >> (frac - 1) ? 0 : -1;
        f = f << (e ? 2 : 1) & mask(frac);
    } else if (flushes(s, size) && e >= 2 * bias(size) - 1) {
        s->fpsr |= UFC;
        return zero(size, x.negative);
    }
    int exponent = 2 * bias(size) - 1 - e;
    uint64_t r = (uint64_t)(estimate(256 | (unsigned)(f >> (frac - 8))) & 255) << (frac - 8);
    if (exponent <= 0) {
        r = (r | 1ull << frac) >> (1 - exponent);
        exponent = 0;
    }
    return zero(size, x.negative) | (uint64_t)exponent << frac | r;
}

uint64_t fp_root_estimate(struct state *s, unsigned size, uint64_t a)
{
    struct number x = unpack(s, size, a);
    unsigned frac = fraction_bits(size);
    if (x.kind >= QUIET)
        return pass_nan(s, size, a, x.kind);
    if (x.kind == ZEROS) {
        s->fpsr |= DZC;
        return infinity(size) | zero(size, x.negative);
    }
    if (x.negative)
        return invalid(s, size);
    if (x.kind == INFINITE)
        return 0;
    uint64_t f = a & mask(frac);
    int e = (int)(a >> frac);
    if (e == 0) {
        for (; !(f >> (frac - 1)); e--)
            f <<= 1;
        f = f << 1 & mask(frac);
    }
    unsigned scaled = e & 1 ? 128 | (unsigned)(f >> (frac - 7)) : 256 | (unsigned)(f >> (frac - 8));
    return (uint64_t)((3 * bias(size) - 1 - e) / 2) << frac | (uint64_t)(root_estimate(scaled) & 255) << (frac - 8);
}

uint64_t fp_step(struct state *s, unsigned size, uint64_t a, uint64_t b, bool root)
{
    a ^= fp_sign(size);
    OPERANDS(a, b);
    bool negative = x.negative != y.negative;
    if ((x.kind == INFINITE && y.kind == ZEROS) || (x.kind == ZEROS && y.kind == INFINITE)) // 2, or 1.5
        return root ? (uint64_t)bias(size) << fraction_bits(size) | quiet_bit(size)
                    : (uint64_t)(bias(size) + 1) << fraction_bits(size);
    if (x.kind == INFINITE || y.kind == INFINITE)
        return infinity(size) | zero(size, negative);
    big product = x.kind == ZEROS || y.kind == ZEROS ? 0 : (big)x.bits * y.bits;
    return sum(s, size, false, root ? -1 : 1, root ? 3 : 1, negative, x.exponent + y.exponent - root, product);
}

uint64_t fp_exponent(struct state *s, unsigned size, uint64_t a)
{
    struct number x = unpack(s, size, a);
    if (x.kind >= QUIET)
        return pass_nan(s, size, a, x.kind);
    uint64_t e = a & infinity(size);
    return zero(size, x.negative) | (e ? ~e & infinity(size) : infinity(size) - (1ull << fraction_bits(size)));
}

uint64_t fp_javascript(struct state *s, uint64_t a)
{
    struct number x = unpack(s, 3, a);
    bool exact = true;
    big value = x.kind == FINITE ? integral(x, 0, ZERO, &exact) : 0;
    // Far above 2^64 `integral` saturates; the low bits of such numbers are zeros, or these.
    uint64_t low = x.kind != FINITE   ? 0
                   : x.exponent >= 32 ? 0
                   : x.exponent > 0   ? x.bits << x.exponent
                                      : (uint64_t)value;
    bool over = x.kind >= INFINITE || value > (x.negative ? 1ull << 31 : (1ull << 31) - 1);
    if (over)
        s->fpsr |= IOC;
    else if (!exact)
        s->fpsr |= IXC;
    s->nzcv = !over && exact && !(x.kind == ZEROS && (x.negative || a << 12)) ? 4 : 0;
    return (uint32_t)(x.negative ? -low : low);
}

uint64_t fp_immediate(unsigned size, unsigned eight)
{
    unsigned frac = fraction_bits(size), exponent_bits = (8u << size) - 1 - frac;
    uint64_t e = eight & 64 ? mask(exponent_bits - 3) << 2 : 1ull << (exponent_bits - 1);
    return zero(size, eight >> 7) | (e | (eight >> 4 & 3)) << frac | (uint64_t)(eight & 15) << (frac - 4);
}
