#include "corpus.h"

typedef int (*order)(const void *, const void *);

static int upward(const void *a, const void *b) { return (*(const u32 *)a > *(const u32 *)b) - (*(const u32 *)a < *(const u32 *)b); }
static int downward(const void *a, const void *b) { return upward(b, a); }

static void sort(u32 *from, int count, order compare)
{
    u32 pivot, other;
    int low = 0, high = count - 1;
    if (count < 2)
        return;
    pivot = from[count / 2];
    while (low <= high) {
        while (compare(&from[low], &pivot) < 0)
            low++;
        while (compare(&from[high], &pivot) > 0)
            high--;
        if (low <= high) {
            other = from[low];
            from[low++] = from[high];
            from[high--] = other;
        }
    }
    sort(from, high + 1, compare);
    sort(from + low, count - low, compare);
}

static u32 ackermann(u32 m, u32 n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }

static u64 many(u64 a, u32 b, u16 c, u8 d, double e, u64 f, u64 g, u64 h, u64 i, u32 j, float k, u64 l)
{
    if (a == 0)
        return b + c + d + (u64)e + f + g + h + i + j + (u64)k + l;
    return many(a - 1, b + 1, (u16)(c + 2), (u8)(d + 3), e + 0.5, f ^ a, g + l, h << 1, i - a, j * 3, k + 1, l ^ f) + a;
}

u64 recursion(void)
{
    static u32 numbers[257];
    u64 hash = START;
    u32 i, seed = 12345;
    for (i = 0; i < 257; i++)
        numbers[i] = seed = seed * 1664525 + 1013904223;
    sort(numbers, 257, upward);
    for (i = 0; i < 257; i++)
        hash = mix(hash, numbers[i]);
    sort(numbers, 257, downward);
    hash = mix(hash, numbers[0] - numbers[256]);
    hash = mix(hash, ackermann(2, 9));
    return mix(hash, many(20, 1, 2, 3, 4.5, 5, 6, 7, 8, 9, 10.25f, 11));
}
