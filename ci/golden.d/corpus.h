// What the files of the corpus share. No system header: what is compared must not depend on one.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef long long s64;

int printf(const char *, ...);

u64 integers(void);
u64 floating(void);
u64 structures(void);
u64 variadic(void);
u64 branches(void);
u64 text(void);
u64 recursion(void);
u64 tables(void);
u64 digest(void);
u64 matrix(void);

// FNV-1a, one value at a time.
static u64 mix(u64 hash, u64 value)
{
    int i;
    for (i = 0; i < 8; i++) {
        hash = (hash ^ (value & 255)) * 1099511628211ULL;
        value >>= 8;
    }
    return hash;
}
#define START 14695981039346656037ULL
