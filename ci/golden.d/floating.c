#include "corpus.h"

static u64 bits(double value)
{
    union {
        double value;
        u64 bits;
    } both;
    both.value = value;
    return both.bits;
}

static u32 short_bits(float value)
{
    union {
        float value;
        u32 bits;
    } both;
    both.value = value;
    return both.bits;
}

static volatile double values[] = {0.0, -0.0, 1.0, -1.5, 3.141592653589793, 1e300, 1e-300, 4.9e-324, 123456789.125};
enum { COUNT = sizeof values / sizeof *values };

u64 floating(void)
{
    u64 hash = START;
    int i, j;
    for (i = 0; i < COUNT; i++) {
        double a = values[i];
        float single = (float)a;
        hash = mix(hash, short_bits(single));
        hash = mix(hash, short_bits(single * 3.0f - 1.0f / 7.0f));
        if (a > -2e9 && a < 2e9) {
            hash = mix(hash, (u64)(s64)(int)a);
            hash = mix(hash, (u64)(s64)(a * 1000.0));
            hash = mix(hash, bits((double)(s64)(a * 16.0)));
        }
        for (j = 0; j < COUNT; j++) {
            double b = values[j];
            double sum = a + b, product = a * b;
            hash = mix(hash, bits(sum));
            hash = mix(hash, bits(product));
            hash = mix(hash, bits(a - b));
            if (b != 0.0)
                hash = mix(hash, bits(a / b));
            hash = mix(hash, (u64)((a < b) | (a <= b) << 1 | (a == b) << 2 | (a != b) << 3 | (a > b) << 4));
        }
    }
    return mix(hash, bits((double)0xfffffffffffff800ULL));
}
