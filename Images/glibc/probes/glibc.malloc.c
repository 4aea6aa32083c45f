// proves: eight threads allocate, grow, align and free in their own arenas; nothing overlaps and contents survive
// stands for: "malloc(): corrupted top size", "double free": compilers and interpreters abort at random
// source: https://github.com/docker/setup-qemu-action/issues/188
// flags: -pthread
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include "probe.h"

enum { BLOCKS = 200 };

static void check(const unsigned char *block, size_t size, int tag)
{
    for (size_t i = 0; i < size; i++)
        if (block[i] != (unsigned char)tag)
            fail("a block keeps its contents", "byte %zu of %zu is 0x%02x, not 0x%02x", i, size, block[i], tag);
}

static void *work(void *argument)
{
    unsigned char *blocks[BLOCKS] = {0};
    size_t sizes[BLOCKS] = {0};
    unsigned state = 17 + (unsigned)(long)argument;
    for (int round = 0; round < 3000; round++) {
        state = state * 1664525 + 1013904223;
        size_t which = (state >> 8) % BLOCKS, size = 1 + (state >> 16) % (round % 50 ? 2000 : 300000);
        int tag = (int)(which + (size_t)argument);
        if (blocks[which]) {
            check(blocks[which], sizes[which], tag);
            if (state & 128) {
                free(blocks[which]);
                blocks[which] = NULL;
                continue;
            }
        }
        size_t kept = sizes[which] < size ? sizes[which] : size;
        int fresh = !blocks[which];
        blocks[which] = realloc(blocks[which], size);
        expect("realloc", blocks[which] != NULL);
        expect_number("alignment", (uintptr_t)blocks[which] % 16, 0);
        if (!fresh)
            check(blocks[which], kept, tag);
        memset(blocks[which], tag, size);
        sizes[which] = size;
    }
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    return NULL;
}

int main(void)
{
    pthread_t threads[8];
    for (long i = 0; i < 8; i++)
        expect("pthread_create", pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    for (size_t alignment = 16; alignment <= 65536; alignment *= 2) {
        void *block = aligned_alloc(alignment, alignment);
        expect("aligned_alloc", block && (uintptr_t)block % alignment == 0);
        expect("usable size", malloc_usable_size(block) >= alignment);
        free(block);
    }
    unsigned char *zeroed = calloc(1000, 1000);
    check(zeroed, 1000000, 0);
    errno = 0;
    void *volatile huge = malloc(SIZE_MAX / 2 + 1);
    expect("more than there is: ENOMEM", !huge && errno == ENOMEM);
    expect("a product that overflows", !calloc((size_t)-1 / 2, (size_t)4));
    return finish();
}
