// proves: musl's loader runs a program given to it by path, lists its libraries, and refuses a missing one
// stands for: "Error loading shared library", "not found" for a program that is there: the wrong loader for the image
// source: https://github.com/docker/buildx/issues/1405
#include "probe.h"

#if defined(__aarch64__)
#define LOADER "/lib/ld-musl-aarch64.so.1"
#else
#define LOADER "/lib/ld-musl-x86_64.so.1"
#endif

int main(int argc, char **argv)
{
    char output[600];
    if (argc > 1) {
        printf("%s|%s", argv[0], argv[1]);
        return 5;
    }
    static const char self[] = "/usr/libexec/assay/musl.loader";
    const char *const again[] = {LOADER, self, "argument", NULL}, *const named[] = {LOADER, "--argv0", "other", self, "argument", NULL},
                      *const list[] = {LOADER, "--list", self, NULL},
                      *const bad[] = {LOADER, "/usr/lib/assay/missing", NULL};
    expect_number("exit status through the loader", WEXITSTATUS(run(again, output, sizeof output)), 5);
    expect_text("output through the loader", output, "/usr/libexec/assay/musl.loader|argument");
    run(named, output, sizeof output);
    expect_text("with another name", output, "other|argument");
    expect_number("status of --list", run(list, output, sizeof output), 0);
    expect("the list names the C library", strstr(output, "libc.so => " LOADER) != NULL);
    freopen("/dev/null", "w", stderr);
    expect_number("exit status for a missing program", WEXITSTATUS(run(bad, output, sizeof output)), 1);
    return finish();
}
