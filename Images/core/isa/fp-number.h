// What the files of the floating-point model share: a number taken apart, and the ways back.
#pragma once

#include "fp.h"

typedef unsigned __int128 big;
enum kind { ZEROS, FINITE, INFINITE, QUIET, SIGNALLING };
struct number {
    enum kind kind;
    bool negative;
    int exponent; // of the lowest bit of
    uint64_t bits;
};

static inline unsigned fraction_bits(unsigned size) { return size == 3 ? 52 : size == 2 ? 23 : 10; }
static inline int bias(unsigned size) { return size == 3 ? 1023 : size == 2 ? 127 : 15; }
static inline uint64_t infinity(unsigned size) { return (2ull * (unsigned)bias(size) + 1) << fraction_bits(size); }
static inline uint64_t quiet_bit(unsigned size) { return 1ull << (fraction_bits(size) - 1); }
static inline uint64_t default_nan(unsigned size) { return infinity(size) | quiet_bit(size); }
static inline bool flushes(const struct state *s, unsigned size) { return s->fpcr >> (size == 1 ? 19 : 24) & 1; }
static inline bool only_default(const struct state *s) { return s->fpcr >> 25 & 1; }
static inline uint64_t zero(unsigned size, bool negative) { return negative ? fp_sign(size) : 0; }

struct number unpack(struct state *s, unsigned size, uint64_t a);
// bits * 2^exponent, rounded; the lowest bit may stand for everything below it.
uint64_t pack(struct state *s, unsigned size, bool negative, int exponent, big bits, enum toward rounding);
uint64_t invalid(struct state *s, unsigned size);
uint64_t pass_nan(struct state *s, unsigned size, uint64_t a, enum kind kind);
// Of up to three operands: the first signalling NaN, else the first quiet one.
bool nan_of(struct state *s, unsigned size, const uint64_t *values, const struct number *numbers, unsigned count,
            uint64_t *nan);
// The exact sum of two finite numbers, rounded once.
uint64_t sum(struct state *s, unsigned size, bool na, int ea, big a, bool nb, int eb, big b);
// The integer next to |x| * 2^fraction, and whether that is exact. Saturates far above all results.
big integral(struct number x, int fraction, enum toward rounding, bool *exact);

#define OPERANDS(A, B)                                             \
    uint64_t values[2] = {A, B}, nan;                              \
    struct number x = unpack(s, size, A), y = unpack(s, size, B);  \
    if (nan_of(s, size, values, (struct number[]){x, y}, 2, &nan)) \
    return nan
