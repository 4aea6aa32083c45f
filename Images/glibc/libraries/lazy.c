// Called through a procedure linkage table entry that is resolved on the first call: glibc.lazy-binding.
double lazy_sum(int a, double b, long c, double d, char e, double f, short g, double h, long i, double j, int k, double l)
{
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10 + k * 11 + l * 12;
}

struct four { double v[4]; };
struct four lazy_four(struct four in, double factor)
{
    for (int i = 0; i < 4; i++)
        in.v[i] *= factor;
    return in;
}
