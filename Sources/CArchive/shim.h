#ifndef ASSAY_CARCHIVE_SHIM_H
#define ASSAY_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <lzma.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

// openat2 has no wrapper in the C library, and syscall(2) takes a variable number of arguments, which Swift cannot
// pass.
static inline int assay_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
  return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

// The C library shows getdents64 only together with all of GNU's extensions.
static inline long assay_getdents64(int directory, void *buffer, size_t size) {
  return syscall(SYS_getdents64, directory, buffer, size);
}

// memmem, likewise: the first place of `part` in `bytes`, or null.
void *memmem(const void *, size_t, const void *, size_t);
static inline const void *assay_find(const void *bytes, size_t count, const uint8_t *part, size_t length) {
  return memmem(bytes, count, part, length);
}

// Macros of liblzma that Swift does not see.
static const uint32_t assay_lzma_concatenated = LZMA_CONCATENATED;
static inline lzma_stream assay_lzma_stream(void) {
  lzma_stream stream = LZMA_STREAM_INIT;
  return stream;
}

// The C library shows O_PATH only together with all of GNU's extensions.
static const int assay_o_path = __O_PATH;

#endif
