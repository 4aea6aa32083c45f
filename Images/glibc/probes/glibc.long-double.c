// proves: long double has this machine's format (IEEE binary128 on AArch64): arithmetic, functions, printing and reading
// stands for: numeric results and serialised values differ from hardware in their last digits
// source:
// flags: -lm
#include <float.h>
#include <math.h>
#include "probe.h"

static void digits(const char *what, long double value, const char *expected)
{
    char text[64];
    snprintf(text, sizeof text, "%.*Lg", LDBL_MANT_DIG == 113 ? 33 : 18, value);
    expect_text(what, text, expected);
}

int main(void)
{
    volatile long double one = 1, three = 3, two = 2, tenth = 0.1L;
    char text[80];
#if defined(__aarch64__)
    expect_number("LDBL_MANT_DIG", LDBL_MANT_DIG, 113);
    digits("1/3", one / three, "0.333333333333333333333333333333333");
    digits("sqrt(2)", sqrtl(two), "1.4142135623730950488016887242097");
    digits("e", expl(one), "2.71828182845904523536028747135266");
    digits("pi", 4 * atanl(one), "3.1415926535897932384626433832795");
    digits("log(2)", logl(two), "0.693147180559945309417232121458177");
    snprintf(text, sizeof text, "%La", tenth);
    expect_text("0.1 in hexadecimal", text, "0x1.999999999999999999999999999ap-4");
    snprintf(text, sizeof text, "%.36Lg", LDBL_MAX);
    expect_text("largest", text, "1.18973149535723176508575932662800702e+4932");
    expect("2^112 + 1 is exact, 2^113 + 1 is not", ldexpl(one, 112) + one != ldexpl(one, 112) && ldexpl(one, 113) + one == ldexpl(one, 113));
#else
    expect_number("LDBL_MANT_DIG", LDBL_MANT_DIG, 64);
    digits("1/3", one / three, "0.333333333333333333");
    digits("sqrt(2)", sqrtl(two), "1.41421356237309505");
    digits("e", expl(one), "2.71828182845904524");
    digits("pi", 4 * atanl(one), "3.14159265358979324");
    snprintf(text, sizeof text, "%La", tenth);
    expect_text("0.1 in hexadecimal", text, "0xc.ccccccccccccccdp-7");
#endif
    expect("read back", strtold("0.1", NULL) == tenth);
    expect("to double and back", (double)tenth == 0.1 && (long double)(double)tenth != tenth);
    expect_number("to integer", (long long)(one / tenth * 1000), 10000);
    return finish();
}
