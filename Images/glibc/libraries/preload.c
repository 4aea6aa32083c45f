// Takes the place of a function of the C library, and calls it: glibc.preload.
// flags: -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <strings.h>

int ffs(int word)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "ffs");
    return next ? next(word) + 1000 : -1;
}
