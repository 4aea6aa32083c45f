// Rows against whatever executes instructions: the machine below a probe, VIXL's simulator.
#pragma once

#include "isa.h"

enum { SLOT_WORDS = 8 };

extern bool without_fpsr; // for an executor that has none, nor FPCR but for DN

typedef void execute_function(struct state *state, const uint32_t *code);

struct mismatch {
    const struct row *row;
    unsigned executed; // instructions compared
    uint32_t word;
    const char *what; // with its number: the first thing that differs
    unsigned number;
    uint64_t seen, expected;
};

// WORDS slots of SLOT_WORDS words.
void write_words(const struct instruction_class *rows, size_t row, uint32_t *code);
// Whether the instruction did what its model says, `tries` times.
bool check_row(const struct instruction_class *rows, size_t row, unsigned tries, const uint32_t *code,
               execute_function *execute, struct mismatch *found);
