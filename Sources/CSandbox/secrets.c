#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "calls.h"

// Where the kernel laid out the argument and environment strings, one after the other: what /proc/PID/cmdline and
// /proc/PID/environ show. clearenv(3) forgets only the pointers.
static char *first, *past;

// The end of the strings that lie without a gap from `at` on.
static char *follow(char **strings, char *at) {
    while (*strings && *strings == at) at += strlen(*strings++) + 1;
    return at;
}

// Remembers where the strings lie, as glibc hands them to constructors. This constructor runs before all others, that
// of Sources/CMain too: nobody can have replaced the pointers.
__attribute__((constructor(101))) static void remember(int count, char **arguments, char **variables) {
    if (count < 1) return;
    first = arguments[0];
    past = follow(variables, follow(arguments, first));
}

int assay_hide_secrets(void) {
    // These pages are the child's copy: the parent's stay as they are.
    if (first) explicit_bzero(first, (size_t)(past - first));
    // From now on, reading environ, mem, maps, fd, root, cwd and exe of this process takes CAP_SYS_PTRACE in the user
    // namespace that executed it. Root of a namespace below lacks that.
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : errno;
}
