// proves: the variants of memcpy, memset, strlen, memchr and others that the loader picks are right at every alignment and length
// stands for: silent corruption where a processor feature is claimed that the emulator gets wrong
// source:
#define _GNU_SOURCE
#include <stdint.h>
#include "probe.h"

enum { SPACE = 1024 };
static unsigned char from[SPACE], to[SPACE], model[SPACE];

static void fill(void)
{
    unsigned state = 99;
    for (int i = 0; i < SPACE; i++) {
        state = state * 1664525 + 1013904223;
        from[i] = (unsigned char)(1 + (state >> 16) % 255); // no zero
    }
}

static void same(const char *what, int at, int length)
{
    for (int i = 0; i < SPACE; i++)
        if (to[i] != model[i])
            fail("the bytes of a plain loop", "%s, offset %d, length %d: byte %d is 0x%02x, not 0x%02x", what, at, length, i, to[i], model[i]);
}

int main(void)
{
    void *(*volatile copy)(void *, const void *, size_t) = memcpy, *(*volatile move)(void *, const void *, size_t) = memmove;
    void *(*volatile set)(void *, int, size_t) = memset, *(*volatile find)(const void *, int, size_t) = memchr;
    void *(*volatile find_last)(const void *, int, size_t) = memrchr;
    size_t (*volatile length_of)(const char *) = strlen;
    int (*volatile compare)(const void *, const void *, size_t) = memcmp;
    fill();
    for (int length = 0; length <= 300; length += length < 70 ? 1 : 23)
        for (int at = 0; at < 17; at += 1 + at / 4) {
            memcpy(to, from, SPACE), memcpy(model, from, SPACE);
            copy(to + 400 + at, from + 16 - at, (size_t)length);
            for (int i = 0; i < length; i++)
                model[400 + at + i] = from[16 - at + i];
            same("memcpy", at, length);
            move(to + 400 + at + 5, to + 400 + at, (size_t)length); // overlapping
            for (int i = length; i-- > 0;)
                model[400 + at + 5 + i] = model[400 + at + i];
            same("memmove", at, length);
            set(to + 100 + at, 0, (size_t)length);
            for (int i = 0; i < length; i++)
                model[100 + at + i] = 0;
            same("memset", at, length);
            to[at + length] = 0;
            memcpy(to, from, (size_t)(at + length));
            expect_number("strlen", (long long)length_of((char *)to + at), length);
            expect("memchr finds the end", find(to + at, 0, (size_t)length + 1) == to + at + length);
            expect("memrchr finds nothing", find_last(to + at, 0, (size_t)length) == NULL);
            expect_number("memcmp of equals", compare(to + at, from + at, (size_t)length), 0);
            if (length > 0) {
                to[at + length - 1] = 0;
                expect("memcmp is less in the last byte", compare(to + at, from + at, (size_t)length) < 0);
            }
        }
    expect_text("strstr", strstr("a needle in a haystack of needles", "needles"), "needles");
    expect_number("strspn", (long long)strspn("0x1f!", "0123456789abcdefx"), 4);
    expect("strverscmp", strverscmp("item9", "item10") < 0);
    return finish();
}
