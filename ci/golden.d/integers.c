#include "corpus.h"

static volatile s64 values[] = {0, 1, -1, 2, -2, 255, -256, 65535, 0x7fffffff, -0x7fffffff - 1, 0x123456789abcdefLL,
                                0x7fffffffffffffffLL, -0x7fffffffffffffffLL - 1};
enum { COUNT = sizeof values / sizeof *values };

u64 integers(void)
{
    u64 hash = START;
    int i, j;
    for (i = 0; i < COUNT; i++)
        for (j = 0; j < COUNT; j++) {
            u64 a = (u64)values[i], b = (u64)values[j];
            hash = mix(hash, a + b);
            hash = mix(hash, a * b - (a ^ ~b));
            hash = mix(hash, a << (b & 63) | a >> (63 - (b & 63)));
            if (b) {
                hash = mix(hash, a / b + a % b);
                if (!(b == ~0ULL && a == 1ULL << 63))
                    hash = mix(hash, (u64)((s64)a / (s64)b ^ (s64)a % (s64)b));
            }
            hash = mix(hash, (u64)((s64)a >> (b & 63)));
            hash = mix(hash, (u32)a / ((u32)b | 1) + (u16)a % ((u16)b | 1));
            hash = mix(hash, (u64)(s64)(s8)a + (u8)b + (u64)(int)(short)a);
            hash = mix(hash, (a < b) | ((s64)a < (s64)b) << 1 | ((u32)a <= (u32)b) << 2 | ((int)a >= (int)b) << 3);
        }
    return hash;
}
