#include "CImages.h"

// SwiftPM compiles with its own -std, for which #embed (C23) is an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char core_arm64[] = {
#embed "core-arm64.tar.zst"
};

static const unsigned char core_amd64[] = {
#embed "core-amd64.tar.zst"
};

static const unsigned char catalogues[] = {
#embed "catalogues.json"
};

static const unsigned char context_run[] = {
#embed "../../Images/run/Containerfile"
};

static const unsigned char context_hello[] = {
#embed "../../Images/hello/Containerfile"
};

static const unsigned char context_stages[] = {
#embed "../../Images/stages/Containerfile"
};

const void *assay_image_core_arm64(size_t *size)
{
    *size = sizeof core_arm64;
    return core_arm64;
}

const void *assay_image_core_amd64(size_t *size)
{
    *size = sizeof core_amd64;
    return core_amd64;
}

const void *assay_image_catalogues(size_t *size)
{
    *size = sizeof catalogues;
    return catalogues;
}

const void *assay_context_run(size_t *size)
{
    *size = sizeof context_run;
    return context_run;
}

const void *assay_context_hello(size_t *size)
{
    *size = sizeof context_hello;
    return context_hello;
}

const void *assay_context_stages(size_t *size)
{
    *size = sizeof context_stages;
    return context_stages;
}
