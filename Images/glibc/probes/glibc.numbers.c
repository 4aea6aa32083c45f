// proves: doubles are read and printed correctly rounded: halfway cases, subnormals, limits, 20,000 round trips
// stands for: configuration, JSON and test data change by a digit on their way through an emulated build
// source: https://github.com/golang/go/issues/29657
#include <float.h>
#include <math.h>
#include <stdint.h>
#include "probe.h"

static uint64_t bits(double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static void reads(const char *text, uint64_t expected) { expect_number(text, (long long)bits(strtod(text, NULL)), (long long)expected); }

static void prints(const char *format, double value, const char *expected)
{
    char text[400];
    snprintf(text, sizeof text, format, value);
    expect_text(format, text, expected);
}

int main(void)
{
    reads("2.2250738585072011e-308", 0x000fffffffffffff); // the one that hung PHP and Java
    reads("2.2250738585072014e-308", 0x0010000000000000);
    reads("9007199254740993", 0x4340000000000000); // halfway: to even
    reads("9007199254740993.00000000000000000001", 0x4340000000000001);
    reads("4.9406564584124654e-324", 1);
    reads("2.4703282292062327e-324", 0);
    reads("2.4703282292062328e-324", 1);
    reads("1.7976931348623158e308", 0x7fefffffffffffff);
    reads("0x1.fffffffffffff8p0", 0x4000000000000000);
    reads("-0", 0x8000000000000000);
    errno = 0;
    expect("overflow is ERANGE", isinf(strtod("1e309", NULL)) && errno == ERANGE);
    prints("%.0f", 0.5, "0");
    prints("%.0f", 2.5, "2");
    prints("%.20f", 0.1, "0.10000000000000000555");
    prints("%.17g", 5e-324, "4.9406564584124654e-324");
    prints("%.3e", 9.9995, "9.999e+00"); // 9.9995 is a little less than that
    prints("%a", 1.0 / 3, "0x1.5555555555555p-2");
    prints("%+08.2f", -3.14159, "-0003.14");
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        char text[40];
        double value;
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        memcpy(&value, &state, sizeof value);
        if (!isfinite(value))
            continue;
        snprintf(text, sizeof text, "%.17g", value);
        expect_number(text, (long long)bits(strtod(text, NULL)), (long long)state);
    }
    return finish();
}
