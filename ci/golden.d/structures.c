#include "corpus.h"

// As arguments and results: in general registers, in floating-point registers, by reference.
struct tiny { u8 a; };
struct pair { u64 a, b; };
struct vector { double x, y, z; };
struct mixed { u32 a; float b; u16 c; };
struct large { u64 values[9]; struct tiny end; };
struct fields { u32 low : 5, middle : 13, high : 14; int sign : 3; u32 rest : 17; };

static struct tiny next(struct tiny one) { one.a += 3; return one; }
static struct pair swap(struct pair one, u32 by) { struct pair other; other.a = one.b + by; other.b = one.a; return other; }
static struct vector cross(struct vector a, struct vector b)
{
    struct vector c;
    c.x = a.y * b.z - a.z * b.y;
    c.y = a.z * b.x - a.x * b.z;
    c.z = a.x * b.y - a.y * b.x;
    return c;
}
static struct mixed turn(struct mixed one) { one.a ^= one.c; one.b = one.b * 2; one.c = (u16)(one.a >> 3); return one; }
static struct large fill(u64 seed, struct tiny end)
{
    struct large one;
    int i;
    for (i = 0; i < 9; i++)
        one.values[i] = seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    one.end = end;
    return one;
}

u64 structures(void)
{
    u64 hash = START;
    struct tiny tiny = {1};
    struct pair pair = {7, 11};
    struct vector a = {1, 2, 3}, b = {-4, 5, 0.5};
    struct mixed mixed = {0x1234, 1.5f, 77};
    static struct fields fields;
    struct large large;
    int i;
    for (i = 0; i < 20; i++) {
        struct vector c = cross(a, b);
        tiny = next(tiny);
        pair = swap(pair, (u32)i);
        mixed = turn(mixed);
        large = fill(hash, tiny);
        a = b;
        b = c;
        if (b.x > 1000 || b.x < -1000)
            b.x = 1;
        fields.low += 7;
        fields.middle ^= (u32)hash;
        fields.high = fields.middle * 3;
        fields.sign = (i & 7) - 4;
        fields.rest += (u32)hash;
        hash = mix(mix(hash, tiny.a), pair.a ^ pair.b);
        hash = mix(hash, mixed.a + mixed.c + (u64)(s64)mixed.b % 1000);
        hash = mix(hash, large.values[8] + large.end.a);
        hash = mix(hash, fields.low + fields.middle + fields.high + (u64)(s64)fields.sign + fields.rest);
        hash = mix(hash, sizeof large + sizeof mixed);
    }
    return hash;
}
