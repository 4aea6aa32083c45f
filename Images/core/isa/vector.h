// What the models of vector instructions share: lanes as numbers wide enough for every intermediate result.
#pragma once

#include "isa.h"

typedef __int128 wide;

wide get_lane(const lanes *v, unsigned size, unsigned index, bool is_unsigned);
static inline void put_lane(lanes *v, unsigned size, unsigned index, wide value)
{
    set_element(v, size, index, (uint64_t)value);
}

// Clamps, and tells FPSR.QC.
wide saturate(struct state *state, wide value, unsigned bits, bool is_unsigned);
wide shift_lane(struct state *state, wide value, int by, unsigned bits, bool is_unsigned, bool rounding,
                bool saturating);
wide doubling_high(struct state *state, wide a, wide b, wide add, unsigned bits, bool rounding);
unsigned __int128 polynomial(uint64_t a, uint64_t b);
bool different(struct state *state, uint32_t word, unsigned operation, const lanes *b);
