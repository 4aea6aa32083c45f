#include "check.h"

// Where each instruction is: it, a return through x28, what a branch reaches, and the bytes of literals (memory.c).
static const uint32_t slot[SLOT_WORDS] = {0,          0xd61f0380, 0xd2800027, 0xd61f0380,
                                          0xb4a39281, 0xf8e7d6c5, 0x4c3b2a19, 0x807f6e5d};

void write_words(const struct instruction_class *rows, size_t row, uint32_t *code)
{
    static struct state scratch;
    for (unsigned i = 0; i < WORDS; i++, code += SLOT_WORDS) {
        __builtin_memcpy(code, slot, sizeof slot);
        for (unsigned again = 0; again < 8; again++) { // until the encoding is an allocated one
            code[0] = draw_word(&rows->rows[row], i + again * WORDS);
            if (rows->operands == ADDRESSES || i == 0) // whether others are allocated does not depend on operands
                draw_state(&scratch, rows->operands, &rows->rows[row], i);
            place(&scratch, rows->operands, (uint64_t)(uintptr_t)scratch.memory, (uint64_t)(uintptr_t)code);
            if (rows->rows[row].model(&scratch, code[0]))
                break;
        }
    }
}

bool without_fpsr;

static bool differs(struct mismatch *found, const char *what, unsigned number, uint64_t seen, uint64_t expected)
{
    found->what = what;
    found->number = number;
    found->seen = seen;
    found->expected = expected;
    return seen != expected;
}

static bool compare(struct mismatch *found, const struct state *a, const struct state *b)
{
    for (unsigned i = 0; i < 8; i++)
        if (differs(found, "x", i, a->x[i], b->x[i]))
            return true;
    for (unsigned i = 0; i < 16; i++)
        if (differs(found, i & 1 ? "upper half of v" : "lower half of v", i / 2, a->v[i / 2].d[i & 1],
                    b->v[i / 2].d[i & 1]))
            return true;
    uint64_t other = 0;
    for (unsigned i = 0; i < MEMORY; i += 8)
        other |= *(const uint64_t *)(a->memory + i) ^ *(const uint64_t *)(b->memory + i);
    for (unsigned i = 0; other && i < MEMORY; i++)
        if (differs(found, "memory at x5 - 256 + ", i, a->memory[i], b->memory[i]))
            return true;
    return differs(found, "x", 30, a->lr, b->lr) || differs(found, "sp, x", 31, a->sp, b->sp) ||
           differs(found, "NZCV", 0, a->nzcv, b->nzcv) || differs(found, "FPCR", 0, a->fpcr, b->fpcr) ||
           (!without_fpsr && differs(found, "FPSR", 0, a->fpsr, b->fpsr));
}

bool check_row(const struct instruction_class *rows, size_t number, unsigned tries, const uint32_t *code,
               execute_function *execute, struct mismatch *found)
{
    static struct state before, seen, expected;
    const struct row *row = &rows->rows[number];
    // Without an address none has memory of its own: that of all three stays as it is.
    size_t size = rows->operands == ADDRESSES ? sizeof before : offsetof(struct state, memory);
    found->executed = 0;
    for (unsigned i = 0; i < tries; i++) {
        const uint32_t *at = code + i % WORDS * SLOT_WORDS;
        draw_state(&before, rows->operands, row, i);
        place(&before, rows->operands, (uint64_t)(uintptr_t)seen.memory, (uint64_t)(uintptr_t)at);
        if (without_fpsr)
            before.fpcr &= 1 << 25;
        __builtin_memcpy(&seen, &before, size);
        __builtin_memcpy(&expected, &before, size);
        if (!row->model(&expected, at[0]))
            continue;
        execute(&seen, at);
        found->executed++;
        found->row = row;
        found->word = at[0];
        if (compare(found, &seen, &expected))
            return false;
    }
    return true;
}
