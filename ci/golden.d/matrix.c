#include "corpus.h"

enum { SIZE = 12 };
static double left[SIZE][SIZE], right[SIZE][SIZE], product[SIZE][SIZE];
static float sums[SIZE];

u64 matrix(void)
{
    u64 hash = START;
    int i, j, k;
    for (i = 0; i < SIZE; i++)
        for (j = 0; j < SIZE; j++) {
            left[i][j] = (i * 7 + j * 3) % 11 - 5;
            right[i][j] = (i * 5 + j) % 13 / 4.0;
        }
    for (i = 0; i < SIZE; i++)
        for (j = 0; j < SIZE; j++) {
            // Volatile: no fused multiply-add, and no other order of additions, whatever the compiler may do elsewhere.
            volatile double sum = 0;
            for (k = 0; k < SIZE; k++) {
                volatile double part = left[i][k] * right[k][j];
                sum += part;
            }
            product[i][j] = sum;
            sums[j] += (float)sum;
        }
    for (i = 0; i < SIZE; i++) {
        for (j = 0; j < SIZE; j++)
            hash = mix(hash, (u64)(s64)(product[i][j] * 256));
        hash = mix(hash, (u64)(s64)(sums[i] * 256));
    }
    return hash;
}
