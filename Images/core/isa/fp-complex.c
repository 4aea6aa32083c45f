// Products of halves added to singles, and complex numbers in pairs of lanes.
#include "fp.h"

// Exactly, signalling NaNs and all.
static uint64_t single_of(const struct state *s, unsigned half)
{
    unsigned e = half >> 10 & 31, f = half & 1023, sign = half >> 15;
    if (e == 0 && (f == 0 || s->fpcr >> 19 & 1)) // FZ16
        return (uint64_t)sign << 31;
    if (e == 0)
        for (e = 1; !(f & 1024); e--)
            f <<= 1;
    return (uint64_t)sign << 31 | (uint64_t)((half >> 10 & 31) == 31 ? 255 : e + 112) << 23 | (f & 1023) << 13;
}

// FMLAL, FMLSL and their second halves: products of halves, added to singles.
static bool multiply_long(struct state *s, uint32_t w)
{
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = {};
    unsigned d = field(w, 4, 0), count = bit(w, 30) ? 4 : 2, from = bit(w, 29) ? count : 0;
    for (unsigned i = 0; i < count; i++) {
        uint64_t x = single_of(s, a.h[from + i]), y = single_of(s, b.h[from + i]);
        result.s[i] = (uint32_t)fp_fuse(s, 2, s->v[d].s[i], bit(w, 23) ? x ^ fp_sign(2) : x, y);
    }
    s->v[d] = result;
    return true;
}

static bool complex_add(struct state *s, uint32_t w)
{
    unsigned size = field(w, 23, 22), d = field(w, 4, 0);
    if (size == 0 || (size == 1 && !fp_halves) || (size == 3 && !bit(w, 30)))
        return false;
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = {};
    for (unsigned i = 0; i < lane_count(w, size); i += 2) { // turned by 90 or 270 degrees
        uint64_t sign = fp_sign(size), imaginary = element(&b, size, i + 1), real = element(&b, size, i);
        set_element(&result, size, i,
                    fp_add(s, size, element(&a, size, i), bit(w, 12) ? imaginary : imaginary ^ sign, false));
        set_element(&result, size, i + 1,
                    fp_add(s, size, element(&a, size, i + 1), bit(w, 12) ? real ^ sign : real, false));
    }
    s->v[d] = result;
    return true;
}

static bool complex_multiply(struct state *s, uint32_t w)
{
    unsigned size = field(w, 23, 22), turn = field(w, 12, 11), d = field(w, 4, 0);
    if (size == 0 || (size == 1 && !fp_halves) || (size == 3 && !bit(w, 30)))
        return false;
    lanes a = s->v[field(w, 9, 5)], b = s->v[field(w, 20, 16)], result = {};
    uint64_t sign = fp_sign(size);
    for (unsigned i = 0; i < lane_count(w, size); i += 2) {
        uint64_t x = element(&a, size, i + (turn & 1)), first = element(&b, size, i + (turn & 1)),
                 second = element(&b, size, i + !(turn & 1));
        if (turn == 1 || turn == 2)
            first ^= sign;
        if (turn >= 2)
            second ^= sign;
        set_element(&result, size, i, fp_fuse(s, size, element(&s->v[d], size, i), x, first));
        set_element(&result, size, i + 1, fp_fuse(s, size, element(&s->v[d], size, i + 1), x, second));
    }
    s->v[d] = result;
    return true;
}

static const struct row complex_rows[] = {
    {"FMLAL, FMLSL", "0q001110a01VVVVV111011VVVVVVVVVV", multiply_long, 23},
    {"FMLAL2, FMLSL2", "0q101110a01VVVVV110011VVVVVVVVVV", multiply_long, 23},
    {"FCADD", "0q101110ss0VVVVV111r01VVVVVVVVVV", complex_add, 14},
    {"FCMLA", "0q101110ss0VVVVV110rr1VVVVVVVVVV", complex_multiply, 14},
};
const struct instruction_class complex_class = {complex_rows, sizeof complex_rows / sizeof *complex_rows, FLOATS};
