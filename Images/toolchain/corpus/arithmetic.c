// 64-bit integers and IEEE 754 doubles: every line ends in the value that the C standard and IEEE 754 demand.
#include <stdio.h>

typedef unsigned long long u64;

static u64 mix(u64 x) // SplitMix64's finaliser
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

int main(void)
{
    volatile long long minus_seven = -7, two = 2;
    volatile double one = 1, three = 3, tenth = 0.1, below = -2.9;
    volatile int shift = 63;
    double sum = 0;
    for (int i = 0; i < 10; i++)
        sum += tenth;
    printf("%lld %lld\n", minus_seven / two, minus_seven % two);
    printf("%llx\n", mix(0x9e3779b97f4a7c15ull));
    printf("%llx %lld\n", 1ull << shift, (long long)(1ull << shift) >> shift);
    printf("%.17g %.17g\n", one / three, sum);
    printf("%d %d\n", (signed char)200, (unsigned char)-1);
    printf("%u %d\n", 0u - 1, -1 < 0u);
    printf("%.0f %d\n", 9007199254740992.0 + one, (int)below);
    return 0;
}
