// Instructions by rule: rows that describe encodings, a model of each class in plain C, and the drawing of operands.
// Nothing here knows on what an instruction is executed: probes do it on the machine, ci/vixl in VIXL's simulator.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef union {
    uint8_t b[16];
    uint16_t h[8];
    uint32_t s[4];
    uint64_t d[2];
} lanes;

enum { MEMORY = 512, MIDDLE = MEMORY / 2 };

// What an instruction may read and write. execute.S knows the order up to `memory`.
struct state {
    lanes v[8];
    uint64_t x[8], lr, sp, nzcv, fpcr, fpsr; // nzcv as the instruction's field: bits 3 to 0
    uint64_t pc;
    alignas(16) uint8_t memory[MEMORY];
    uint64_t home; // the address of `memory` as the instruction sees it
};

// A model executes the instruction on the state. False: the encoding is not allocated, or the memory is another's.
typedef bool model(struct state *state, uint32_t word);

extern bool fp_halves; // half-precision arithmetic is there (FEAT_FP16)

enum operands { INTEGERS, BRANCHES, ADDRESSES, VECTORS, FLOATS };

// One instruction, or several that differ in a few bits. `pattern` is its encoding as the Arm ARM draws it, from bit 31
// on: 0 and 1 are fixed, a group of five R is a general register (31 too), of five V a vector register, anything else
// is drawn. A name that begins with limit- is the note of a known limit, where the instruction may be wrong.
struct row {
    const char *name, *pattern;
    model *model;
    uint8_t feature; // a bit of AT_HWCAP (64 and up: AT_HWCAP2), or ALWAYS
};
enum { ALWAYS = 255 };

struct instruction_class {
    const struct row *rows;
    size_t count;
    enum operands operands;
};
extern const struct instruction_class integer_class, branch_class, memory_class, atomic_class, vector_class, two_class,
    shift_class, element_class, fp_class, fp_vector_class, complex_class;

enum { TRIES = 60, WORDS = 12 };

// The encoding of try number `i`, and what it finds. The same on every machine. Pointers are filled in by `place`.
uint32_t draw_word(const struct row *row, unsigned i);
void draw_state(struct state *state, enum operands operands, const struct row *row, unsigned i);
void place(struct state *state, enum operands operands, uint64_t home, uint64_t pc);

static inline uint32_t field(uint32_t word, unsigned high, unsigned low)
{
    return (uint32_t)((word >> low) & ((2ull << (high - low)) - 1));
}
static inline bool bit(uint32_t word, unsigned at) { return word >> at & 1; }

static inline uint64_t mask(unsigned bits) { return bits >= 64 ? ~0ull : (1ull << bits) - 1; }
static inline int64_t sign_extend(uint64_t value, unsigned bits)
{
    return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

uint64_t get(const struct state *state, unsigned number); // 31 is zero
void set(struct state *state, unsigned number, bool wide, uint64_t value);
bool holds(unsigned nzcv, unsigned condition);
uint64_t decode_mask(unsigned n, unsigned immr, unsigned imms, unsigned bits); // 0: reserved

// Elements of 2^size bytes.
uint64_t element(const lanes *v, unsigned size, unsigned index);
void set_element(lanes *v, unsigned size, unsigned index, uint64_t value);
