// IEEE 754 in integers, as the Arm ARM's pseudocode has it (DDI 0487, shared/functions/float): half, single, double.
#pragma once

#include "isa.h"

enum { IOC = 1, DZC = 2, OFC = 4, UFC = 8, IXC = 16, IDC = 128 };
enum toward { TIES_EVEN, UP, DOWN, ZERO, TIES_AWAY, TO_ODD };

// Numbers are bit patterns of 2^size bytes. The state gives FPCR and takes the flags.
uint64_t fp_add(struct state *s, unsigned size, uint64_t a, uint64_t b, bool subtract);
uint64_t fp_multiply(struct state *s, unsigned size, uint64_t a, uint64_t b, bool extended); // FMULX
uint64_t fp_divide(struct state *s, unsigned size, uint64_t a, uint64_t b);
uint64_t fp_root(struct state *s, unsigned size, uint64_t a);
uint64_t fp_fuse(struct state *s, unsigned size, uint64_t addend, uint64_t a, uint64_t b);
uint64_t fp_pick(struct state *s, unsigned size, uint64_t a, uint64_t b, bool least, bool number); // FMIN, FMAX, …NM
unsigned fp_compare(struct state *s, unsigned size, uint64_t a, uint64_t b, bool signalling);      // NZCV
bool fp_greater(struct state *s, unsigned size, uint64_t a, uint64_t b, bool or_equal);
bool fp_equal(struct state *s, unsigned size, uint64_t a, uint64_t b);
uint64_t fp_convert(struct state *s, unsigned from, unsigned to, uint64_t a, bool to_odd);
uint64_t fp_round(struct state *s, unsigned size, uint64_t a, enum toward rounding, bool exact);
uint64_t fp_round_to(struct state *s, unsigned size, uint64_t a, enum toward rounding, unsigned bits); // FRINT32, 64
uint64_t fp_to_integer(struct state *s, unsigned size, uint64_t a, unsigned fraction, enum toward rounding,
                       unsigned bits, bool is_unsigned);
uint64_t fp_from_integer(struct state *s, unsigned size, uint64_t a, unsigned fraction, unsigned bits,
                         bool is_unsigned);
uint64_t fp_estimate(struct state *s, unsigned size, uint64_t a);                    // FRECPE
uint64_t fp_root_estimate(struct state *s, unsigned size, uint64_t a);               // FRSQRTE
uint64_t fp_step(struct state *s, unsigned size, uint64_t a, uint64_t b, bool root); // FRECPS, FRSQRTS
uint64_t fp_exponent(struct state *s, unsigned size, uint64_t a);                    // FRECPX
uint64_t fp_javascript(struct state *s, uint64_t a);                                 // FJCVTZS, with its flags
uint32_t estimate_integer(uint32_t a, bool root);                                    // URECPE, URSQRTE
enum toward fp_mode(const struct state *s);
uint64_t fp_immediate(unsigned size, unsigned eight);
static inline unsigned lane_count(uint32_t word, unsigned size)
{
    return bit(word, 28) ? 1 : (bit(word, 30) ? 16u : 8u) >> size;
}
static inline uint64_t fp_sign(unsigned size) { return 1ull << ((8u << size) - 1); }
