#include "fp-number.h"

enum toward fp_mode(const struct state *s) { return (enum toward)(s->fpcr >> 22 & 3); }

static struct number unpack_keeping(unsigned size, uint64_t a) // no flushing
{
    unsigned frac = fraction_bits(size);
    uint64_t f = a & ((1ull << frac) - 1), e = (a & (fp_sign(size) - 1)) >> frac;
    struct number n = {FINITE, (a & fp_sign(size)) != 0, (int)e - bias(size) - (int)frac, f | 1ull << frac};
    if (e == infinity(size) >> frac)
        n.kind = f == 0 ? INFINITE : f & quiet_bit(size) ? QUIET : SIGNALLING;
    else if (e == 0)
        n.kind = f ? FINITE : ZEROS, n.bits = f, n.exponent++;
    return n;
}

struct number unpack(struct state *s, unsigned size, uint64_t a)
{
    struct number n = unpack_keeping(size, a);
    if (n.kind == FINITE && !(n.bits >> fraction_bits(size)) && flushes(s, size)) {
        n.kind = ZEROS, n.bits = 0;
        if (size != 1)
            s->fpsr |= IDC;
    }
    return n;
}

static unsigned top_bit(big value)
{
    unsigned top = 0;
    for (unsigned step = 64; step; step /= 2)
        if (value >> step)
            value >>= step, top += step;
    return top;
}

uint64_t pack(struct state *s, unsigned size, bool negative, int exponent, big bits, enum toward rounding)
{
    if (bits == 0)
        return zero(size, negative);
    int least = 1 - bias(size), e = exponent + (int)top_bit(bits), frac = (int)fraction_bits(size);
    bool tiny = e < least;
    if (tiny && flushes(s, size)) {
        s->fpsr |= UFC;
        return zero(size, negative);
    }
    int low = (tiny ? least : e) - frac, by = low - exponent;
    big kept = by <= 0    ? bits << -by
               : by > 126 ? 0
                          : bits >> by,
        rest = by <= 0    ? 0
               : by > 126 ? 1
                          : bits & (((big)1 << by) - 1),
        half = by <= 0    ? 1
               : by > 126 ? 2
                          : (big)1 << (by - 1);
    bool inexact = rest != 0, up = false;
    switch (rounding) {
    case TIES_EVEN: up = rest > half || (rest == half && kept & 1); break;
    case TIES_AWAY: up = rest >= half && inexact; break;
    case UP: up = inexact && !negative; break;
    case DOWN: up = inexact && negative; break;
    case TO_ODD: kept |= inexact; break;
    case ZERO: break;
    }
    if (tiny && inexact)
        s->fpsr |= UFC;
    uint64_t result = ((uint64_t)(low - (least - frac)) << frac) + (uint64_t)kept + up;
    if (low - (least - frac) >= 2 * bias(size) || result >= infinity(size)) {
        s->fpsr |= OFC | IXC;
        bool most =
            rounding == ZERO || rounding == TO_ODD || (rounding == UP && negative) || (rounding == DOWN && !negative);
        result = infinity(size) - most;
    } else if (inexact) {
        s->fpsr |= IXC;
    }
    return result | zero(size, negative);
}

uint64_t invalid(struct state *s, unsigned size)
{
    s->fpsr |= IOC;
    return default_nan(size);
}

uint64_t pass_nan(struct state *s, unsigned size, uint64_t a, enum kind kind)
{
    if (kind == SIGNALLING)
        s->fpsr |= IOC, a |= quiet_bit(size);
    return only_default(s) ? default_nan(size) : a;
}

bool nan_of(struct state *s, unsigned size, const uint64_t *values, const struct number *numbers, unsigned count,
            uint64_t *nan)
{
    for (enum kind kind = SIGNALLING; kind >= QUIET; kind--)
        for (unsigned i = 0; i < count; i++)
            if (numbers[i].kind == kind) {
                *nan = pass_nan(s, size, values[i], kind);
                return true;
            }
    return false;
}

uint64_t sum(struct state *s, unsigned size, bool na, int ea, big a, bool nb, int eb, big b)
{
    enum toward rounding = fp_mode(s);
    if (a == 0 && b == 0)
        return zero(size, na == nb ? na : rounding == DOWN);
    // Both with their highest bit at 124; the smaller one moves down.
    if (a)
        ea -= 124 - (int)top_bit(a), a <<= 124 - top_bit(a);
    else
        ea = -100000;
    if (b)
        eb -= 124 - (int)top_bit(b), b <<= 124 - top_bit(b);
    else
        eb = -100000;
    if (ea < eb) {
        bool n = na;
        int e = ea;
        big t = a;
        na = nb, nb = n, ea = eb, eb = e, a = b, b = t;
    }
    int by = ea - eb;
    big lost = by > 126 ? b != 0 : by ? (b & (((big)1 << by) - 1)) != 0 : 0;
    b = (by > 126 ? 0 : b >> by) | lost;
    big all = na == nb ? a + b : a >= b ? a - b : b - a;
    bool negative = na == nb || a > b ? na : nb;
    if (all == 0)
        return zero(size, rounding == DOWN);
    return pack(s, size, negative, ea, all, rounding);
}

uint64_t fp_add(struct state *s, unsigned size, uint64_t a, uint64_t b, bool subtract)
{
    OPERANDS(a, b);
    y.negative ^= subtract;
    if (x.kind == INFINITE || y.kind == INFINITE) {
        if (x.kind == y.kind && x.negative != y.negative)
            return invalid(s, size);
        return infinity(size) | zero(size, x.kind == INFINITE ? x.negative : y.negative);
    }
    return sum(s, size, x.negative, x.exponent, x.kind == ZEROS ? 0 : x.bits, y.negative, y.exponent,
               y.kind == ZEROS ? 0 : y.bits);
}

uint64_t fp_multiply(struct state *s, unsigned size, uint64_t a, uint64_t b, bool extended)
{
    OPERANDS(a, b);
    bool negative = x.negative != y.negative;
    if ((x.kind == INFINITE && y.kind == ZEROS) || (x.kind == ZEROS && y.kind == INFINITE))
        return extended ? zero(size, negative) | (uint64_t)(bias(size) + 1) << fraction_bits(size) : invalid(s, size);
    if (x.kind == INFINITE || y.kind == INFINITE)
        return infinity(size) | zero(size, negative);
    if (x.kind == ZEROS || y.kind == ZEROS)
        return zero(size, negative);
    return pack(s, size, negative, x.exponent + y.exponent, (big)x.bits * y.bits, fp_mode(s));
}

uint64_t fp_divide(struct state *s, unsigned size, uint64_t a, uint64_t b)
{
    OPERANDS(a, b);
    bool negative = x.negative != y.negative;
    if ((x.kind == INFINITE && y.kind == INFINITE) || (x.kind == ZEROS && y.kind == ZEROS))
        return invalid(s, size);
    if (x.kind == INFINITE || y.kind == ZEROS) {
        if (x.kind != INFINITE)
            s->fpsr |= DZC;
        return infinity(size) | zero(size, negative);
    }
    if (x.kind == ZEROS || y.kind == INFINITE)
        return zero(size, negative);
    unsigned up = 63 - top_bit(x.bits);
    x.bits <<= up, x.exponent -= (int)up;
    y.exponent -= (int)(63 - top_bit(y.bits)), y.bits <<= 63 - top_bit(y.bits);
    big quotient = 0, rest = x.bits;
    for (unsigned i = 0; i < 70; i++) {
        quotient <<= 1;
        if (rest >= y.bits)
            rest -= y.bits, quotient |= 1;
        rest <<= 1;
    }
    return pack(s, size, negative, x.exponent - y.exponent - 69, quotient | (rest != 0), fp_mode(s));
}

uint64_t fp_root(struct state *s, unsigned size, uint64_t a)
{
    struct number x = unpack(s, size, a);
    if (x.kind >= QUIET)
        return pass_nan(s, size, a, x.kind);
    if (x.kind == ZEROS)
        return zero(size, x.negative);
    if (x.negative)
        return invalid(s, size);
    if (x.kind == INFINITE)
        return infinity(size);
    unsigned up = 118 - top_bit(x.bits);
    if ((x.exponent - (int)up) & 1)
        up++;
    big rest = (big)x.bits << up, root = 0;
    for (big one = (big)1 << 120; one; one >>= 2)
        if (rest >= root + one)
            rest -= root + one, root = (root >> 1) + one;
        else
            root >>= 1;
    return pack(s, size, false, (x.exponent - (int)up) / 2 - 1, root << 1 | (rest != 0), fp_mode(s));
}

uint64_t fp_fuse(struct state *s, unsigned size, uint64_t addend, uint64_t a, uint64_t b)
{
    struct number n[3] = {unpack(s, size, addend), unpack(s, size, a), unpack(s, size, b)};
    struct number z = n[0], x = n[1], y = n[2];
    bool no_product = (x.kind == INFINITE && y.kind == ZEROS) || (x.kind == ZEROS && y.kind == INFINITE);
    if (z.kind == QUIET && no_product)
        return invalid(s, size);
    uint64_t nan;
    if (nan_of(s, size, (uint64_t[]){addend, a, b}, n, 3, &nan))
        return nan;
    bool negative = x.negative != y.negative, huge = x.kind == INFINITE || y.kind == INFINITE;
    if (no_product || (z.kind == INFINITE && huge && z.negative != negative))
        return invalid(s, size);
    if (z.kind == INFINITE || huge)
        return infinity(size) | zero(size, huge ? negative : z.negative);
    big product = x.kind == ZEROS || y.kind == ZEROS ? 0 : (big)x.bits * y.bits;
    return sum(s, size, z.negative, z.exponent, z.kind == ZEROS ? 0 : z.bits, negative, x.exponent + y.exponent,
               product);
}

static int order(unsigned size, struct number x, struct number y, uint64_t a, uint64_t b)
{
    if (x.kind == ZEROS && y.kind == ZEROS)
        return 0;
    int64_t i = x.kind == ZEROS ? 0 : (int64_t)(a & (fp_sign(size) - 1)),
            j = y.kind == ZEROS ? 0 : (int64_t)(b & (fp_sign(size) - 1));
    i = x.negative ? -i : i, j = y.negative ? -j : j;
    return i < j ? -1 : i > j;
}

uint64_t fp_pick(struct state *s, unsigned size, uint64_t a, uint64_t b, bool least, bool number)
{
    if (number) { // a quiet NaN loses against a number
        struct number x = unpack_keeping(size, a), y = unpack_keeping(size, b);
        uint64_t worst = infinity(size) | zero(size, !least);
        if (x.kind == QUIET && y.kind < QUIET)
            a = worst;
        else if (y.kind == QUIET && x.kind < QUIET)
            b = worst;
    }
    OPERANDS(a, b);
    int ordered = order(size, x, y, a, b);
    bool first = least ? ordered < 0 : ordered > 0;
    struct number r = first ? x : y;
    if (r.kind == ZEROS) // -0 is below +0; where only one is zero, its own sign
        return zero(size,
                    x.kind == y.kind ? (least ? x.negative || y.negative : x.negative && y.negative) : r.negative);
    return first ? a : b;
}

unsigned fp_compare(struct state *s, unsigned size, uint64_t a, uint64_t b, bool signalling)
{
    struct number x = unpack(s, size, a), y = unpack(s, size, b);
    if (x.kind >= QUIET || y.kind >= QUIET) {
        if (x.kind == SIGNALLING || y.kind == SIGNALLING || signalling)
            s->fpsr |= IOC;
        return 3;
    }
    int ordered = order(size, x, y, a, b);
    return ordered == 0 ? 6 : ordered < 0 ? 8 : 2;
}

bool fp_greater(struct state *s, unsigned size, uint64_t a, uint64_t b, bool or_equal)
{
    unsigned flags = fp_compare(s, size, a, b, true);
    return flags == 2 || (or_equal && flags == 6);
}

bool fp_equal(struct state *s, unsigned size, uint64_t a, uint64_t b) { return fp_compare(s, size, a, b, false) == 6; }
