// proves: a function's first call through a lazily bound entry keeps all integer and vector argument registers
// stands for: the first call of a library function gets garbage; a second one is right
// source:
// flags: -Wl,-z,lazy -llazy -Wl,-rpath,/usr/lib/assay
#include "probe.h"

struct four { double v[4]; };
double lazy_sum(int a, double b, long c, double d, char e, double f, short g, double h, long i, double j, int k, double l);
struct four lazy_four(struct four in, double factor);

int main(void)
{
    for (int round = 0; round < 2; round++) {
        expect_number("weighted sum of 1 to 12", (long long)lazy_sum(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 650);
        struct four four = lazy_four((struct four){{1, 2, 3, 4}}, 2.5);
        expect("a structure of four doubles by value", four.v[0] == 2.5 && four.v[1] == 5 && four.v[2] == 7.5 && four.v[3] == 10);
    }
    return finish();
}
