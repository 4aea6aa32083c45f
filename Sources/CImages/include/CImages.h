// What the binary carries of Images/: zstd-compressed root file systems, built by ci/images, and build contexts.
#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>

/// The core image for arm64, and its size in bytes. Constant memory, valid for ever.
const void *_Nonnull assay_image_core_arm64(size_t *_Nonnull size);

/// Its native twin: the same probes built for x86-64.
const void *_Nonnull assay_image_core_amd64(size_t *_Nonnull size);

/// The catalogues of the images that are not embedded: a JSON object, by name.
const void *_Nonnull assay_image_catalogues(size_t *_Nonnull size);

/// Images/run/Containerfile.
const void *_Nonnull assay_context_run(size_t *_Nonnull size);

/// Images/hello/Containerfile.
const void *_Nonnull assay_context_hello(size_t *_Nonnull size);

/// Images/stages/Containerfile.
const void *_Nonnull assay_context_stages(size_t *_Nonnull size);

#endif
