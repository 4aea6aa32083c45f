// Included before every file of the emulator: MUTANT(n) asks whether fault n is the chosen one, and remembers that its place was reached.
#ifndef MUTANT_H
#define MUTANT_H
#ifdef MUTANT_ALONE
// One fault alone, or none (0), for the comparison of object code.
#define MUTANT(n) ((n) == MUTANT_ALONE)
#elif !defined(__ASSEMBLER__)
struct mutant_choice {
    char mark[16];
    unsigned number;
};
extern const volatile struct mutant_choice mutant_choice;
extern unsigned char mutant_reached[];
#define MUTANT(n) (mutant_reached[n] = 1, __builtin_expect(mutant_choice.number == (n), 0))
#endif
#endif
