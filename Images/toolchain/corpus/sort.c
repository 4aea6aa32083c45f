// Sorts 20,000 numbers of a linear congruential generator in two ways, and says whether both agree.
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 20000 };

static unsigned left[COUNT], right[COUNT];

static int compare(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return x < y ? -1 : x > y;
}

static void sift(unsigned *heap, int at, int size)
{
    for (int child; (child = 2 * at + 1) < size; at = child) {
        if (child + 1 < size && heap[child] < heap[child + 1])
            child++;
        if (heap[at] >= heap[child])
            return;
        unsigned other = heap[at];
        heap[at] = heap[child];
        heap[child] = other;
    }
}

int main(void)
{
    unsigned state = 1, different = 0;
    for (int i = 0; i < COUNT; i++)
        left[i] = right[i] = state = state * 1664525 + 1013904223;
    printf("%u\n", state);
    qsort(left, COUNT, sizeof *left, compare);
    for (int i = COUNT / 2; i-- > 0;)
        sift(right, i, COUNT);
    for (int size = COUNT; size-- > 1;) {
        unsigned largest = right[0];
        right[0] = right[size];
        right[size] = largest;
        sift(right, 0, size);
    }
    for (int i = 0; i < COUNT; i++)
        different += left[i] != right[i] || (i > 0 && left[i - 1] > left[i]);
    printf("%u\n", different);
    return 0;
}
