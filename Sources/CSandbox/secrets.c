#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "calls.h"

// What /proc/PID/cmdline and /proc/PID/environ show: the strings as the kernel laid them out, one behind the other.
// clearenv(3) only forgets the pointers.
static char *first, *past;

// The end of the strings that lie without a gap from `at` on.
static char *follow(char **strings, char *at) {
    while (*strings && *strings == at) at += strlen(*strings++) + 1;
    return at;
}

// glibc hands main's arguments to constructors. This is the first of all, before that of Sources/CMain: nobody can have put other
// pointers there.
__attribute__((constructor(101))) static void remember(int count, char **arguments, char **variables) {
    if (count < 1) return;
    first = arguments[0];
    past = follow(variables, follow(arguments, first));
}

int assay_hide_secrets(void) {
    // The child's copy: the parent's pages stay as they are.
    if (first) explicit_bzero(first, (size_t)(past - first));
    // From here on environ, mem, maps, fd, root, cwd and exe of this process need CAP_SYS_PTRACE over the user namespace
    // that this program was executed in, which root of a namespace below does not have.
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : errno;
}
