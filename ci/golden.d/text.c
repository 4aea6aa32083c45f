#include "corpus.h"

static const char *const words[] = {"ldconfig", "dpkg", "", "\x7f" "ELF", "tab\there", "libc.so.6", "\xc3\xa9t\xc3\xa9"};

static u32 length(const char *text)
{
    const char *end = text;
    while (*end)
        end++;
    return (u32)(end - text);
}

static void reverse(char *to, const char *from, u32 count)
{
    u32 i;
    for (i = 0; i < count; i++)
        to[i] = from[count - 1 - i];
    to[count] = 0;
}

static int compare(const char *a, const char *b)
{
    for (; *a && *a == *b; a++, b++)
        ;
    return (int)(u8)*a - (int)(u8)*b;
}

u64 text(void)
{
    u64 hash = START;
    char buffer[32];
    u32 i, j, k;
    for (i = 0; i < sizeof words / sizeof *words; i++) {
        reverse(buffer, words[i], length(words[i]));
        for (k = 0; buffer[k]; k++)
            hash = mix(hash, (u8)buffer[k]);
        for (j = 0; j < sizeof words / sizeof *words; j++)
            hash = mix(hash, (u64)(s64)compare(words[i], words[j]));
    }
    return mix(hash, sizeof "literal" + sizeof words[0][0]);
}
