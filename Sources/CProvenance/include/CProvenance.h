// What the binary says of itself: the licences of what is linked into it, and the packages that it is built with.
#ifndef CPROVENANCE_H
#define CPROVENANCE_H

#include <stddef.h>

/// A file: its name without suffix, and its bytes.
struct assay_text {
    const char *_Nonnull name;
    const void *_Nonnull bytes;
    size_t size;
};

/// The licences' texts, and how many there are. Constant memory, valid for ever.
const struct assay_text *_Nonnull assay_license_texts(size_t *_Nonnull count);

/// Licenses/components.json, Licenses/head.txt and Package.resolved.
extern const struct assay_text assay_license_components, assay_license_head, assay_package_pins;

/// The version of the C library, as it says it itself.
const char *_Nonnull assay_libc_version(void);

/// The commit that the program was built from, and the compiler, as ci/build gives them.
const char *_Nonnull assay_built_commit(void);
const char *_Nonnull assay_built_compiler(void);

#endif
