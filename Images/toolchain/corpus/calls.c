// Calling conventions: many arguments of both kinds, structures of several sizes by value, variadic functions, pointers to functions.
#include <stdarg.h>
#include <stdio.h>

struct small { int a, b; };
struct pair { double x, y; };
struct large { long v[7]; };

static double many(int a, double b, long c, double d, int e, double f, long g, double h, int i, double j, long k, double l,
                   int m, double n, long o, double p, int q, double r, double s, double t)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j + 11 * k + 12 * l + 13 * m + 14 * n +
           15 * o + 16 * p + 17 * q + 18 * r + 19 * s + 20 * t;
}

static struct small swap(struct small s) { struct small r = {s.b, s.a}; return r; }
static struct pair turn(struct pair p) { struct pair r = {-p.y, p.x}; return r; }
static struct large shifted(struct large l, int by)
{
    struct large r;
    for (int i = 0; i < 7; i++)
        r.v[i] = l.v[(i + by) % 7];
    return r;
}

static double total(int count, ...)
{
    double sum = 0;
    va_list list;
    va_start(list, count);
    for (int i = 0; i < count; i++)
        sum += i % 2 ? va_arg(list, double) : va_arg(list, int);
    va_end(list);
    return sum;
}

static int apply(int (*f)(int), int x) { return f(x); }
static int square(int x) { return x * x; }
static int ackermann(int m, int n) { return !m ? n + 1 : !n ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }

int main(void)
{
    struct small s = {3, 4};
    struct pair p = {1.5, 2.5};
    struct large l = {{0, 1, 2, 3, 4, 5, 6}};
    s = swap(s);
    p = turn(p);
    l = shifted(l, 3);
    printf("%g\n", many(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
    printf("%d %d %g %g %ld %ld\n", s.a, s.b, p.x, p.y, l.v[0], l.v[6]);
    printf("%g\n", total(12, 1, 0.5, 2, 0.25, 3, 0.125, 4, 0.0625, 5, 0.03125, 6, 0.015625));
    printf("%d %d\n", apply(square, 12), ackermann(2, 9));
    return 0;
}
