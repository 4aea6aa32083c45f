#include "text.h"

#include "errors.h"

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    char *out = to;
    const char *in = from;
    for (; size >= 8; size -= 8, out += 8, in += 8)
        __builtin_memcpy_inline(out, in, 8);
    while (size-- > 0)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    char *out = to;
    const char *in = from;
    if (out <= in)
        for (size_t i = 0; i < size; i++)
            out[i] = in[i];
    else
        while (size-- > 0)
            out[size] = in[size];
    return to;
}

void *memset(void *at, int byte, size_t size)
{
    char *out = at;
    uint64_t word = 0x0101010101010101u * (uint8_t)byte;
    for (; size >= 8; size -= 8, out += 8)
        __builtin_memcpy_inline(out, &word, 8);
    while (size-- > 0)
        *out++ = (char)byte;
    return at;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *left = a, *right = b;
    for (size_t i = 0; i < size; i++)
        if (left[i] != right[i])
            return left[i] - right[i];
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

bool same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

bool starts_with(const char *text, const char *prefix)
{
    while (*prefix && *text == *prefix)
        text++, prefix++;
    return *prefix == 0;
}

uint64_t parse_decimal(const char **at)
{
    uint64_t value = 0;
    for (; **at >= '0' && **at <= '9'; ++*at)
        value = value * 10 + (uint64_t)(**at - '0');
    if (**at)
        ++*at;
    return value;
}

struct output {
    char *at, *end; // end: the last byte, kept for the terminator
};

static void put(struct output *out, char character)
{
    if (out->at < out->end)
        *out->at++ = character;
}

static void put_number(struct output *out, uint64_t value, unsigned base, unsigned width, char pad)
{
    char digits[24];
    unsigned count = 0;
    do
        digits[count++] = "0123456789abcdef"[value % base];
    while ((value /= base) > 0);
    for (; width > count; width--)
        put(out, pad);
    while (count > 0)
        put(out, digits[--count]);
}

size_t format_list(char *to, size_t capacity, const char *pattern, va_list arguments)
{
    struct output out = {to, to + capacity - 1};
    for (; *pattern; pattern++) {
        if (*pattern != '%') {
            put(&out, *pattern);
            continue;
        }
        char pad = *++pattern == '0' ? '0' : ' ';
        unsigned width = 0;
        for (; *pattern >= '0' && *pattern <= '9'; pattern++)
            width = width * 10 + (unsigned)(*pattern - '0');
        // Bytes of the argument: of an int, a word, or the widest there is.
        size_t size = *pattern == 'j' ? 8 : *pattern == 'l' || *pattern == 'z' ? sizeof(long) : 4;
        pattern += *pattern == 'j' || *pattern == 'l' || *pattern == 'z';
        switch (*pattern) {
        case 'd': {
            int64_t value = size == 8 ? va_arg(arguments, int64_t) : va_arg(arguments, int);
            if (value < 0)
                put(&out, '-');
            put_number(&out, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, width, pad);
            break;
        }
        case 'u':
        case 'x': {
            uint64_t value = size == 8 ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned);
            put_number(&out, value, *pattern == 'u' ? 10 : 16, width, pad);
            break;
        }
        case 's':
            for (const char *text = va_arg(arguments, const char *); *text; text++)
                put(&out, *text);
            break;
        case 'c': put(&out, (char)va_arg(arguments, int)); break;
        default: put(&out, *pattern);
        }
    }
    *out.at = 0;
    return (size_t)(out.at - to);
}

size_t format(char *to, size_t capacity, const char *pattern, ...)
{
    va_list arguments;
    va_start(arguments, pattern);
    size_t length = format_list(to, capacity, pattern, arguments);
    va_end(arguments);
    return length;
}

const char *error_name(long error)
{
    static char unknown[24];
    switch (error < 0 ? -error : error) {
#define X(NAME, NUMBER) \
    case NUMBER: return #NAME;
        ERRORS(X)
    }
    format(unknown, sizeof unknown, "error %ld", error < 0 ? -error : error);
    return unknown;
}
