// proves: eight threads allocate, grow, align and free by musl's allocator; nothing overlaps and contents survive
// stands for: programs in Alpine images end with SIGSEGV in malloc or free
// source: 
#include "../../glibc/probes/glibc.malloc.c"
