#include "corpus.h"

// Data that needs relocations, initialisers of every kind, zeroed data, and alignment.
struct node { const char *name; const struct node *next; u64 (*value)(u64); };

static u64 twice(u64 x) { return x * 2; }
static u64 square(u64 x) { return x * x; }
u64 exported = 0x1122334455667788ULL;
static const struct node last = {"last", 0, twice};
static const struct node middle = {"middle", &last, square};
static const struct node first = {"first", &middle, twice};
const struct node *const list = &first;
static u8 zeroed[5000];
static u16 odd[] = {1, 2, 3, [7] = 8, [5] = 6};
static struct { u8 a; u64 b; u8 c; double d; } padded = {1, 2, 3, 4.5};
static u64 *const pointer = &exported;
static const char *const inside = "inside" + 2;
static u32 grid[3][4] = {{1, 2}, {3}, {4, 5, 6, 7}};

u64 tables(void)
{
    u64 hash = START;
    const struct node *at;
    u32 i;
    for (at = list; at; at = at->next)
        hash = mix(hash, at->value((u64)at->name[0]));
    for (i = 0; i < sizeof zeroed; i += 97)
        hash = mix(hash, zeroed[i]++);
    for (i = 0; i < sizeof odd / sizeof *odd; i++)
        hash = mix(hash, odd[i]);
    for (i = 0; i < 12; i++)
        hash = mix(hash, grid[i / 4][i % 4]);
    hash = mix(hash, padded.a + padded.b + padded.c + (u64)padded.d + sizeof padded);
    *pointer += (u64)inside[0];
    return mix(hash, exported);
}
