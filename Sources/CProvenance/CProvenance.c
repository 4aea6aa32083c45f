#include "CProvenance.h"

#include <gnu/libc-version.h>

// SwiftPM compiles with its own -std, for which #embed (C23) is an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char gpl_3[] = {
#embed "../../Licenses/texts/GPL-3.txt"
};

static const unsigned char lgpl_2_1[] = {
#embed "../../Licenses/texts/LGPL-2.1.txt"
};

static const unsigned char lgpl_3[] = {
#embed "../../Licenses/texts/LGPL-3.txt"
};

static const unsigned char gcc[] = {
#embed "../../Licenses/texts/gcc.txt"
};

static const unsigned char glibc[] = {
#embed "../../Licenses/texts/glibc.txt"
};

static const unsigned char libarchive[] = {
#embed "../../Licenses/texts/libarchive.txt"
};

static const unsigned char libyaml[] = {
#embed "../../Licenses/texts/libyaml.txt"
};

static const unsigned char nettle[] = {
#embed "../../Licenses/texts/nettle.txt"
};

static const unsigned char sqlite[] = {
#embed "../../Licenses/texts/sqlite.txt"
};

static const unsigned char swift[] = {
#embed "../../Licenses/texts/swift.txt"
};

static const unsigned char xz[] = {
#embed "../../Licenses/texts/xz.txt"
};

static const unsigned char zlib[] = {
#embed "../../Licenses/texts/zlib.txt"
};

static const unsigned char zstd[] = {
#embed "../../Licenses/texts/zstd.txt"
};

static const unsigned char components[] = {
#embed "../../Licenses/components.json"
};

static const unsigned char head[] = {
#embed "../../Licenses/head.txt"
};

static const unsigned char pins[] = {
#embed "../../Package.resolved"
};

static const struct assay_text texts[] = {
    {"GPL-3", gpl_3, sizeof gpl_3},
    {"LGPL-2.1", lgpl_2_1, sizeof lgpl_2_1},
    {"LGPL-3", lgpl_3, sizeof lgpl_3},
    {"gcc", gcc, sizeof gcc},
    {"glibc", glibc, sizeof glibc},
    {"libarchive", libarchive, sizeof libarchive},
    {"libyaml", libyaml, sizeof libyaml},
    {"nettle", nettle, sizeof nettle},
    {"sqlite", sqlite, sizeof sqlite},
    {"swift", swift, sizeof swift},
    {"xz", xz, sizeof xz},
    {"zlib", zlib, sizeof zlib},
    {"zstd", zstd, sizeof zstd},
};

const struct assay_text *assay_license_texts(size_t *count)
{
    *count = sizeof texts / sizeof *texts;
    return texts;
}

const struct assay_text assay_license_components = {"components", components, sizeof components};
const struct assay_text assay_license_head = {"head", head, sizeof head};
const struct assay_text assay_package_pins = {"pins", pins, sizeof pins};

const char *assay_libc_version(void) { return gnu_get_libc_version(); }

// ci/build links an object with definitions of its own, which come before these. The name of that object has the commit, so
// that a build is stale only when the commit is another one, and nothing but the program is linked again.
__attribute__((weak)) const char assay_commit[] = "unknown";
__attribute__((weak)) const char assay_compiler[] = __VERSION__;

const char *assay_built_commit(void) { return assay_commit; }
const char *assay_built_compiler(void) { return assay_compiler; }
