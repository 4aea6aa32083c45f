// What the binary carries: zstd-compressed root file systems, built by ci/images from Images/, and the build contexts of Contexts/.
#ifndef CIMAGES_H
#define CIMAGES_H

#include <stddef.h>

/// The core image for an architecture (GOARCH): of the first one the tarball, of the others what differs from that.
struct assay_core_image {
    const char *_Nonnull architecture;
    const void *_Nonnull bytes;
    size_t size;
};

/// All of them, and how many there are. Constant memory, valid for ever.
const struct assay_core_image *_Nonnull assay_core_images(size_t *_Nonnull count);

/// The catalogues of the images that are not embedded: a JSON object, by name.
const void *_Nonnull assay_image_catalogues(size_t *_Nonnull size);

/// A file of a build context, as it stands below Contexts/.
struct assay_context_file {
    const char *_Nonnull context, *_Nonnull name;
    const void *_Nonnull bytes;
    size_t size;
};

/// All of them, and how many there are. Constant memory, valid for ever.
const struct assay_context_file *_Nonnull assay_context_files(size_t *_Nonnull count);

#endif
