#include "fp-number.h"

uint64_t fp_convert(struct state *s, unsigned from, unsigned to, uint64_t a, bool to_odd)
{
    uint64_t fpcr = s->fpcr; // FZ16 has no part in conversions
    s->fpcr &= ~(1ull << 19);
    struct number x = unpack(s, from, a);
    uint64_t result;
    if (x.kind >= QUIET) {
        uint64_t payload = a & ((1ull << fraction_bits(from)) - 1);
        unsigned f = fraction_bits(from), t = fraction_bits(to);
        payload = t >= f ? payload << (t - f) : payload >> (f - t);
        result = only_default(s) ? default_nan(to) : default_nan(to) | payload | zero(to, x.negative);
        if (x.kind == SIGNALLING)
            s->fpsr |= IOC;
    } else if (x.kind == INFINITE) {
        result = infinity(to) | zero(to, x.negative);
    } else if (x.kind == ZEROS) {
        result = zero(to, x.negative);
    } else {
        result = pack(s, to, x.negative, x.exponent, x.bits, to_odd ? TO_ODD : fp_mode(s));
    }
    s->fpcr = fpcr;
    return result;
}

big integral(struct number x, int fraction, enum toward rounding, bool *exact)
{
    int e = x.exponent + fraction;
    *exact = true;
    if (x.kind == ZEROS)
        return 0;
    if (e >= 0)
        return e > 64 ? (big)1 << 120 : (big)x.bits << e;
    big kept = e < -100 ? 0 : (big)x.bits >> -e, rest = e < -100 ? 1 : (big)x.bits & (((big)1 << -e) - 1),
        half = e < -100 ? 2 : (big)1 << (-e - 1);
    *exact = rest == 0;
    bool up = rounding == TIES_EVEN   ? rest > half || (rest == half && kept & 1)
              : rounding == TIES_AWAY ? rest >= half
              : rounding == UP        ? rest && !x.negative
              : rounding == DOWN      ? rest && x.negative
                                      : false;
    return kept + up;
}

uint64_t fp_round(struct state *s, unsigned size, uint64_t a, enum toward rounding, bool exact)
{
    struct number x = unpack(s, size, a);
    if (x.kind >= QUIET)
        return pass_nan(s, size, a, x.kind);
    if (x.kind == INFINITE || x.kind == ZEROS)
        return x.kind == ZEROS ? zero(size, x.negative) : a;
    if (x.exponent >= 0)
        return a;
    bool whole;
    big value = integral(x, 0, rounding, &whole);
    if (!whole && exact)
        s->fpsr |= IXC;
    return pack(s, size, x.negative, 0, value, rounding);
}

uint64_t fp_round_to(struct state *s, unsigned size, uint64_t a, enum toward rounding, unsigned bits)
{
    struct number x = unpack(s, size, a);
    bool whole;
    big value = x.kind == FINITE ? integral(x, 0, rounding, &whole) : 0, most = (big)1 << (bits - 1);
    if (x.kind >= INFINITE || value > most - !x.negative) { // the most negative integer stands for all that do not fit
        s->fpsr |= IOC;
        return zero(size, true) | (uint64_t)((int)bits - 1 + bias(size)) << fraction_bits(size);
    }
    if (x.kind == ZEROS)
        return zero(size, x.negative);
    if (!whole)
        s->fpsr |= IXC;
    return pack(s, size, x.negative, 0, value, rounding);
}

uint64_t fp_to_integer(struct state *s, unsigned size, uint64_t a, unsigned fraction, enum toward rounding,
                       unsigned bits, bool is_unsigned)
{
    struct number x = unpack(s, size, a);
    if (x.kind >= QUIET) {
        s->fpsr |= IOC;
        return 0;
    }
    bool exact = true;
    big value = x.kind == INFINITE ? (big)1 << 120 : integral(x, (int)fraction, rounding, &exact);
    big most = is_unsigned ? x.negative ? 0 : mask(bits) : (mask(bits) >> 1) + x.negative;
    if (value > most) {
        s->fpsr |= IOC;
        value = most;
    } else if (!exact) {
        s->fpsr |= IXC;
    }
    return (x.negative ? -(uint64_t)value : (uint64_t)value) & mask(bits);
}

uint64_t fp_from_integer(struct state *s, unsigned size, uint64_t a, unsigned fraction, unsigned bits, bool is_unsigned)
{
    a &= mask(bits);
    bool negative = !is_unsigned && a >> (bits - 1);
    uint64_t value = negative ? (~a + 1) & mask(bits) : a;
    return value ? pack(s, size, negative, -(int)fraction, value, fp_mode(s)) : 0;
}
