#include "CImages.h"

// SwiftPM compiles with its own -std, for which #embed (C23) is an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char core_arm64[] = {
#embed "core-arm64.tar.zst"
};

static const unsigned char core_amd64[] = {
#embed "core-amd64.patch.zst"
};

static const unsigned char core_riscv64[] = {
#embed "core-riscv64.patch.zst"
};

static const unsigned char core_s390x[] = {
#embed "core-s390x.patch.zst"
};

static const unsigned char core_ppc64le[] = {
#embed "core-ppc64le.patch.zst"
};

static const unsigned char core_386[] = {
#embed "core-386.patch.zst"
};

static const unsigned char core_arm[] = {
#embed "core-arm.patch.zst"
};

static const unsigned char catalogues[] = {
#embed "catalogues.json"
};

static const unsigned char run_containerfile[] = {
#embed "../../Contexts/run/Containerfile"
};

static const unsigned char hello_containerfile[] = {
#embed "../../Contexts/hello/Containerfile"
};

static const unsigned char stages_containerfile[] = {
#embed "../../Contexts/stages/Containerfile"
};

static const unsigned char setuid_containerfile[] = {
#embed "../../Contexts/setuid/Containerfile"
};

static const unsigned char scripts_containerfile[] = {
#embed "../../Contexts/scripts/Containerfile"
};

static const unsigned char scripts_steps_sh[] = {
#embed "../../Contexts/scripts/steps.sh"
};

static const unsigned char heredoc_containerfile[] = {
#embed "../../Contexts/heredoc/Containerfile"
};

static const unsigned char toolchain_containerfile[] = {
#embed "../../Contexts/toolchain/Containerfile"
};

static const unsigned char toolchain_answer_c[] = {
#embed "../../Contexts/toolchain/answer.c"
};

#define FILE_OF(CONTEXT, NAME, BYTES) {CONTEXT, NAME, BYTES, sizeof BYTES}
static const struct assay_context_file context_files[] = {
    FILE_OF("run", "Containerfile", run_containerfile),
    FILE_OF("hello", "Containerfile", hello_containerfile),
    FILE_OF("stages", "Containerfile", stages_containerfile),
    FILE_OF("setuid", "Containerfile", setuid_containerfile),
    FILE_OF("scripts", "Containerfile", scripts_containerfile),
    FILE_OF("scripts", "steps.sh", scripts_steps_sh),
    FILE_OF("heredoc", "Containerfile", heredoc_containerfile),
    FILE_OF("toolchain", "Containerfile", toolchain_containerfile),
    FILE_OF("toolchain", "answer.c", toolchain_answer_c),
};

static const struct assay_core_image core_images[] = {
    {"arm64", core_arm64, sizeof core_arm64},
    {"amd64", core_amd64, sizeof core_amd64},
    {"riscv64", core_riscv64, sizeof core_riscv64},
    {"s390x", core_s390x, sizeof core_s390x},
    {"ppc64le", core_ppc64le, sizeof core_ppc64le},
    {"386", core_386, sizeof core_386},
    {"arm", core_arm, sizeof core_arm},
};

const struct assay_core_image *assay_core_images(size_t *count)
{
    *count = sizeof core_images / sizeof *core_images;
    return core_images;
}

const void *assay_image_catalogues(size_t *size)
{
    *size = sizeof catalogues;
    return catalogues;
}

const struct assay_context_file *assay_context_files(size_t *count)
{
    *count = sizeof context_files / sizeof *context_files;
    return context_files;
}
