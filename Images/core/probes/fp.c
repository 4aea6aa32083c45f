// IEEE 754 arithmetic as the processor does it. Expected values follow from the standard, not from a run.
#include "../probe.h"

static uint64_t bits(double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static double add(double a, double b)
{
    volatile double x = a, y = b;
    return x + y;
}

static double divide(double a, double b)
{
    volatile double x = a, y = b;
    return x / y;
}

PROBE("fp.rounding", "the four rounding modes of IEEE 754 give the specified neighbours",
      "interval arithmetic, printf and strtod differ in the last digit from real hardware",
      "https://github.com/golang/go/issues/29657")
{
    // Columns: to nearest, toward +inf, toward -inf, toward zero.
    static const struct {
        const char *what;
        double a, b;
        bool quotient;
        uint64_t expected[4];
    } cases[] = {
        {"1/3", 1, 3, true, {0x3fd5555555555555, 0x3fd5555555555556, 0x3fd5555555555555, 0x3fd5555555555555}},
        {"-1/3", -1, 3, true, {0xbfd5555555555555, 0xbfd5555555555555, 0xbfd5555555555556, 0xbfd5555555555555}},
        {"2/3", 2, 3, true, {0x3fe5555555555555, 0x3fe5555555555556, 0x3fe5555555555555, 0x3fe5555555555555}},
        {"1+2^-53",
         1,
         0x1p-53,
         false,
         {0x3ff0000000000000, 0x3ff0000000000001, 0x3ff0000000000000, 0x3ff0000000000000}},
        {"(1+2^-52)+2^-53",
         1 + 0x1p-52,
         0x1p-53,
         false,
         {0x3ff0000000000002, 0x3ff0000000000002, 0x3ff0000000000001, 0x3ff0000000000001}},
        {"-1-2^-60",
         -1,
         -0x1p-60,
         false,
         {0xbff0000000000000, 0xbff0000000000000, 0xbff0000000000001, 0xbff0000000000000}},
        {"max+max",
         0x1.fffffffffffffp1023,
         0x1.fffffffffffffp1023,
         false,
         {0x7ff0000000000000, 0x7ff0000000000000, 0x7fefffffffffffff, 0x7fefffffffffffff}},
        {"1-1", 1, -1, false, {0, 0, 0x8000000000000000, 0}},
    };
    static const char *const modes[] = {"to nearest", "toward +inf", "toward -inf", "toward zero"};
    for (enum rounding mode = ROUND_NEAREST; mode <= ROUND_ZERO; mode++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            fp_set_rounding(mode);
            double value = cases[i].quotient ? divide(cases[i].a, cases[i].b) : add(cases[i].a, cases[i].b);
            fp_set_rounding(ROUND_NEAREST);
            char what[64];
            format(what, sizeof what, "%s %s", cases[i].what, modes[mode]);
            expect_equal(what, bits(value), cases[i].expected[mode]);
        }
}

static double multiply(double a, double b)
{
    volatile double x = a, y = b;
    return x * y;
}

static double square_root(double a)
{
    volatile double x = a;
    return fp_square_root(x);
}

PROBE("fp.subnormal", "results below the normal range lose precision gradually and are not flushed to zero",
      "x != y and x - y == 0 at once: numeric libraries divide by zero", "")
{
    expect_equal("least normal - least subnormal", bits(add(0x1p-1022, -0x1p-1074)), 0x000fffffffffffff);
    expect_equal("least normal / 2", bits(divide(0x1p-1022, 2)), 0x0008000000000000);
    expect_equal("least subnormal / 2, a tie to even", bits(divide(0x1p-1074, 2)), 0);
    expect_equal("least subnormal * 0.75", bits(multiply(0x1p-1074, 0.75)), 1);
    expect_equal("3 * least subnormal / 2, a tie to even", bits(divide(0x3p-1074, 2)), 2);
    expect_equal("-least subnormal * 0.25 keeps its sign", bits(multiply(-0x1p-1074, 0.25)), 0x8000000000000000);
    volatile float a = 0x1p-126f, b = 0x1p-23f;
    volatile float product = a * b;
    uint32_t word;
    memcpy(&word, (const void *)&product, sizeof word);
    expect_equal("single precision 2^-126 * 2^-23", word, 1);
}

PROBE("fp.square-root", "square roots are correctly rounded in every mode",
      "geometry and statistics differ in the last digit", "")
{
    static const struct {
        double a;
        uint64_t expected[4];
    } cases[] = {
        // sqrt(2) = 1.6A09E667F3BCC 908B..., sqrt(3) = 1.BB67AE8584CAA 73B2..., both between two doubles
        {2, {0x3ff6a09e667f3bcd, 0x3ff6a09e667f3bcd, 0x3ff6a09e667f3bcc, 0x3ff6a09e667f3bcc}},
        {3, {0x3ffbb67ae8584caa, 0x3ffbb67ae8584cab, 0x3ffbb67ae8584caa, 0x3ffbb67ae8584caa}},
        {0x1p-1074, {0x1e60000000000000, 0x1e60000000000000, 0x1e60000000000000, 0x1e60000000000000}},
        {-0.0, {0x8000000000000000, 0x8000000000000000, 0x8000000000000000, 0x8000000000000000}},
    };
    for (enum rounding mode = ROUND_NEAREST; mode <= ROUND_ZERO; mode++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            fp_set_rounding(mode);
            double root = square_root(cases[i].a);
            fp_set_rounding(ROUND_NEAREST);
            char what[64];
            format(what, sizeof what, "sqrt of case %zu, rounding mode %u", i, (unsigned)mode);
            expect_equal(what, bits(root), cases[i].expected[mode]);
        }
}

static double sink;

PROBE(
    "fp.flags",
    "the sticky flags for invalid, division by zero, overflow, underflow and inexact are raised exactly when they should be",
    "libraries that test for exactness or overflow (printf, decimal conversion) take the wrong path", "")
{
    static const struct {
        const char *what;
        char operation;
        double a, b;
        unsigned expected;
    } cases[] = {
        {"1 + 1", '+', 1, 1, 0},
        {"1 / 4", '/', 1, 4, 0},
        {"1 / 3", '/', 1, 3, FP_INEXACT},
        {"1 / 0", '/', 1, 0, FP_DIVIDE},
        {"0 / 0", '/', 0, 0, FP_INVALID},
        {"inf - inf", '+', __builtin_inf(), -__builtin_inf(), FP_INVALID},
        {"inf * 0", '*', __builtin_inf(), 0, FP_INVALID},
        {"quiet NaN + 1", '+', __builtin_nan(""), 1, 0},
        {"inf + 1", '+', __builtin_inf(), 1, 0},
        {"max * 2", '*', 0x1.fffffffffffffp1023, 2, FP_OVERFLOW | FP_INEXACT},
        {"2^-1022 * 2^-1", '*', 0x1p-1022, 0.5, 0}, // subnormal, but exact
        {"2^-1022 * 2^-60", '*', 0x1p-1022, 0x1p-60, FP_UNDERFLOW | FP_INEXACT},
        {"sqrt(-1)", 's', -1, 0, FP_INVALID},
        {"sqrt(4)", 's', 4, 0, 0},
        {"sqrt(2)", 's', 2, 0, FP_INEXACT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fp_clear_flags();
        *(volatile double *)&sink = cases[i].operation == '+'   ? add(cases[i].a, cases[i].b)
                                    : cases[i].operation == '*' ? multiply(cases[i].a, cases[i].b)
                                    : cases[i].operation == '/' ? divide(cases[i].a, cases[i].b)
                                                                : square_root(cases[i].a);
        char what[64];
        format(what, sizeof what, "flags after %s", cases[i].what);
        expect_equal(what, fp_flags(), cases[i].expected);
    }
    fp_clear_flags();
    *(volatile double *)&sink = divide(1, 3);
    *(volatile double *)&sink = divide(1, 0);
    *(volatile double *)&sink = add(1, 1);
    expect_equal("flags accumulate", fp_flags(), FP_INEXACT | FP_DIVIDE);
}
