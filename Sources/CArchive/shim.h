#ifndef ASSAY_CARCHIVE_SHIM_H
#define ASSAY_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <lzma.h>
#include <stdint.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

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

#endif
