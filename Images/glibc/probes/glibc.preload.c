// proves: LD_PRELOAD puts an object before the C library, whose function it replaces and still reaches
// stands for: fakeroot, jemalloc, eatmydata and libfaketime have no effect, or crash what they are loaded into
// source: https://github.com/osrf/multiarch-docker-image-generation/issues/36
#include <strings.h>
#include "probe.h"

int main(int argc, char **argv)
{
    volatile int word = 64;
    if (argc > 1) {
        printf("%d", ffs(word));
        return 0;
    }
    char output[64];
    const char *const self[] = {"/usr/libexec/assay/glibc.preload", "preloaded", NULL};
    (void)argv;
    expect_number("without", run(self, output, sizeof output), 0);
    expect_text("without", output, "7");
    setenv("LD_PRELOAD", "/usr/lib/assay/libpreload.so", 1);
    expect_number("with the object", run(self, output, sizeof output), 0);
    expect_text("with the object", output, "1007");
    setenv("LD_BIND_NOW", "1", 1);
    expect_number("bound at once", run(self, output, sizeof output), 0);
    expect_text("bound at once", output, "1007");
    return finish();
}
