// Branches, and what changes flags alone (Arm ARM DDI 0487, C4.1.93).
#include "isa.h"

static bool rotate_flags(struct state *s, uint32_t w)
{
    uint64_t value = get(s, field(w, 9, 5));
    unsigned by = field(w, 20, 15), which = field(w, 3, 0);
    uint64_t turned = by ? value >> by | value << (64 - by) : value;
    s->nzcv = (s->nzcv & ~which) | (turned & which);
    return true;
}

static bool set_flags(struct state *s, uint32_t w)
{
    unsigned bits = bit(w, 14) ? 16 : 8;
    uint64_t a = get(s, field(w, 9, 5));
    bool n = a >> (bits - 1) & 1;
    s->nzcv = (s->nzcv & 2) | (unsigned)n << 3 | ((a & mask(bits)) == 0) << 2 | ((a >> bits & 1) != n);
    return true;
}

static bool convert_flags(struct state *s, uint32_t w)
{
    unsigned f = (unsigned)s->nzcv, z = f >> 2 & 1, c = f >> 1 & 1, v = f & 1;
    switch (field(w, 7, 5)) {
    case 0: s->nzcv = f ^ 2; break;                                                       // CFINV
    case 1: s->nzcv = (!c && !z) << 3 | (z && c) << 2 | (c || z) << 1 | (!c && z); break; // XAFLAG
    default: s->nzcv = (z || v) << 2 | (c && !v) << 1;                                    // AXFLAG
    }
    return true;
}

// A branch goes two instructions on, where x7 becomes 1.
static bool branch(struct state *s, bool taken)
{
    if (taken)
        s->x[7] = 1;
    return true;
}

static bool branch_condition(struct state *s, uint32_t w)
{
    return branch(s, holds((unsigned)s->nzcv, field(w, 3, 0)));
}

static bool branch_zero(struct state *s, uint32_t w)
{
    uint64_t value = get(s, field(w, 4, 0)) & mask(bit(w, 31) ? 64 : 32);
    return branch(s, (value == 0) != bit(w, 24));
}

static bool branch_bit(struct state *s, uint32_t w)
{
    unsigned which = (unsigned)bit(w, 31) << 5 | field(w, 23, 19);
    return branch(s, (get(s, field(w, 4, 0)) >> which & 1) == bit(w, 24));
}

static bool branch_always(struct state *s, uint32_t w)
{
    if (field(w, 30, 26) == 5 ? bit(w, 31) : field(w, 24, 21) == 1)
        s->lr = s->pc + 4;
    return branch(s, true);
}

#define FLAGM 27
#define FLAGM2 (64 + 7)
static const struct row branch_rows[] = {
    {"RMIF", "10111010000iiiiii00001RRRRR0ffff", rotate_flags, FLAGM},
    {"SETF8, SETF16", "00111010000000000s0010RRRRR01101", set_flags, FLAGM},
    {"CFINV", "11010101000000000100000000011111", convert_flags, FLAGM},
    {"XAFLAG", "11010101000000000100000000111111", convert_flags, FLAGM2},
    {"AXFLAG", "11010101000000000100000001011111", convert_flags, FLAGM2},
    {"B.cond", "0101010000000000000000000100cccc", branch_condition, ALWAYS},
    {"CBZ, CBNZ", "z011010o0000000000000000010RRRRR", branch_zero, ALWAYS},
    {"TBZ, TBNZ", "b011011obbbbb00000000000010RRRRR", branch_bit, ALWAYS},
    {"B, BL", "l0010100000000000000000000000010", branch_always, ALWAYS},
    {"BR, BLR", "1101011000l111110000000011000000", branch_always, ALWAYS},
    {"RET", "11010110010111110000000011000000", branch_always, ALWAYS},
};
const struct instruction_class branch_class = {branch_rows, sizeof branch_rows / sizeof *branch_rows, BRANCHES};
