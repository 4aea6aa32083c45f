#include "corpus.h"
#include <stdarg.h>

struct pair { u64 a, b; };

// i: int, l: long long, d: double, p: struct pair
static u64 collect(const char *kinds, ...)
{
    u64 hash = START;
    va_list list, again;
    va_start(list, kinds);
    va_copy(again, list);
    for (; *kinds; kinds++)
        switch (*kinds) {
        case 'i': hash = mix(hash, (u64)va_arg(list, int)); break;
        case 'l': hash = mix(hash, (u64)va_arg(list, s64)); break;
        case 'd': hash = mix(hash, (u64)(s64)(va_arg(list, double) * 64)); break;
        case 'p': {
            struct pair pair = va_arg(list, struct pair);
            hash = mix(hash, pair.a - pair.b);
        }
        }
    hash = mix(hash, (u64)va_arg(again, int));
    va_end(again);
    va_end(list);
    return hash;
}

u64 variadic(void)
{
    struct pair pair = {5, 600};
    u64 hash = collect("i", 42);
    hash = mix(hash, collect("ididid", 1, 2.5, -3, -4.25, 5, 6.125));
    hash = mix(hash, collect("iiiiiiiiiiii", 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12));
    hash = mix(hash, collect("idddddddddddd", 1, .5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5));
    return mix(hash, collect("ilpdilpd", -1, 1LL << 40, pair, 0.75, 9, -1LL, pair, -1e6));
}
