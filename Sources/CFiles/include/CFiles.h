#ifndef ASSAY_CFILES_H
#define ASSAY_CFILES_H

// What Swift cannot call: variable arguments, and what the C library shows only together with all of GNU's extensions.

#include <stddef.h>
#include <stdint.h>

// O_PATH and O_TMPFILE.
extern const int assay_path_only;
extern const int assay_unnamed;

// openat2(2). -1 and errno.
int assay_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

// getdents64(2): how many bytes of records were written to the buffer; 0 at the end. -1 and errno.
long assay_getdents64(int directory, void *buffer, size_t size);

// The number of the mount that a descriptor is in; 0 where the kernel does not tell.
uint64_t assay_mount(int descriptor);

// Whether a descriptor is of a file in a proc file system.
int assay_is_proc(int descriptor);

// linkat(2) of a file without a name. -1 and errno.
int assay_name(int descriptor, int directory, const char *name);

#endif
