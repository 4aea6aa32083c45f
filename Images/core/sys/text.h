// Strings, and formatting into bounded buffers.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *at, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);

bool same(const char *a, const char *b);
bool starts_with(const char *text, const char *prefix);

uint64_t parse_decimal(const char **at); // moves past the digits and one byte after them

// %s %c %d %u %x with l or z (a word) or j (64 bits), zero padding and width ("%016jx"), and %%. Always terminated;
// what does not fit is cut. Returns the length written.
[[gnu::format(printf, 3, 4)]] size_t format(char *to, size_t capacity, const char *pattern, ...);
size_t format_list(char *to, size_t capacity, const char *pattern, va_list arguments);

// "ENOSYS" for 38 and -38; "error N" for what is not in the table.
const char *error_name(long error);
