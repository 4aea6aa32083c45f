#ifndef ASSAY_CFILES_H
#define ASSAY_CFILES_H

// Functions that Swift cannot call: those with variable arguments, and those that the C library declares only with all
// GNU extensions.

#include <stddef.h>
#include <stdint.h>

// O_PATH and O_TMPFILE.
extern const int assay_path_only;
extern const int assay_unnamed;

// openat2(2). On error -1 and errno.
int assay_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

// getdents64(2): the number of bytes written to the buffer; 0 at the end. On error -1 and errno.
long assay_getdents64(int directory, void *buffer, size_t size);

// The id of a descriptor's mount; 0 if the kernel does not tell.
uint64_t assay_mount(int descriptor);

// Whether a descriptor's file is in a proc file system.
int assay_is_proc(int descriptor);

// linkat(2) of a file without a name. On error -1 and errno.
int assay_name(int descriptor, int directory, const char *name);

#endif
