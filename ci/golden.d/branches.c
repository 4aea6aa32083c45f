#include "corpus.h"

static u32 dense(u32 x)
{
    switch (x) {
    case 0: return 3;
    case 1: return 1;
    case 2: return 4;
    case 3: x += 10; /* on to the next */
    case 4: return x * 5;
    case 5: case 6: return 9;
    case 7: return 2;
    default: return 6;
    }
}

static u32 sparse(s64 x)
{
    switch (x) {
    case -5000000000LL: return 1;
    case -1: return 2;
    case 1000: return 3;
    case 1000000: return 4;
    case 0x7fffffffffffffffLL: return 5;
    }
    return 0;
}

static u32 collatz(u32 n)
{
    u32 steps = 0;
again:
    if (n == 1)
        return steps;
    steps++;
    n = n & 1 ? 3 * n + 1 : n / 2;
    goto again;
}

u64 branches(void)
{
    static const s64 cases[] = {-5000000000LL, -1, 0, 1000, 1000000, 0x7fffffffffffffffLL, 7};
    u64 hash = START;
    u32 i, j;
    for (i = 0; i < 9; i++)
        hash = mix(hash, dense(i));
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        hash = mix(hash, sparse(cases[i]));
    for (i = 1; i < 300; i++)
        hash = mix(hash, collatz(i));
    for (i = 0; i < 40; i++)
        for (j = 0;; j++) {
            if (j == i)
                break;
            if ((i ^ j) % 3 == 0 || (j > 20 && i < 30))
                continue;
            hash = mix(hash, i > j ? i & j : i | j);
        }
    do
        hash = mix(hash, i--);
    while (i);
    return hash;
}
