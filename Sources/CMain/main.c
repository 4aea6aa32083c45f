// The entry point of the program. Swift's runtime reads /proc for its own path and for the arguments. If /proc is not
// mounted, or may not be read, it aborts or finds no arguments. So this file sets the path, and passes the arguments
// on.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

// In Sources/assay/Assay.swift.
void assay_run(int argc, char **argv);

// The size of the stack: as much as a program's first thread usually has.
enum { STACK = 8 << 20, GUARD = 64 << 10 };

// The documented exit status if nothing could be found out.
enum { UNDETERMINED = 2 };

// Ends the program if there is too little memory: the runtime would crash when it starts. Half of this room was not
// enough.
static void need_room(void) {
    enum { ROOM = 6 << 20 };
    void *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room != MAP_FAILED) {
        munmap(room, ROOM);
        return;
    }
    const char *reason = strerror(errno);
    static const struct { int resource; const char *option; } limits[] = {{RLIMIT_AS, "-v"}, {RLIMIT_DATA, "-d"}};
    dprintf(STDERR_FILENO, "assay: mmap of the %d MiB that assay itself needs to begin: %s", ROOM >> 20, reason);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct rlimit limit;
        if (getrlimit(limits[i].resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) continue;
        dprintf(STDERR_FILENO, "; ulimit %s is %llu KiB", limits[i].option, (unsigned long long)limit.rlim_cur >> 10);
    }
    dprintf(STDERR_FILENO, "\n");
    _exit(UNDETERMINED);
}

// The runtime's constructors look for its crash reporter below $SWIFT_ROOT, else below the program's own path. A static
// program learns its path only from /proc. Nothing can be below a device. This constructor runs before the runtime's,
// which have no priority, and after that of Sources/CSandbox/secrets.c.
__attribute__((constructor(102))) static void settle_runtime(void) {
    need_room();
    setenv("SWIFT_ROOT", "/dev/null", 1);
}

static struct {
    int argc;
    char **argv;
} given;

static void run(void) { assay_run(given.argc, given.argv); }

// Sets the stack size of new threads. Their default is the soft limit at the program's start.
static void give_threads_room(void) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return;
    if (pthread_attr_setstacksize(&attributes, STACK) == 0) pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

// Calls `run` on a stack of the usual size. Leaves the limit itself: children must have the caller's.
static void run_with_room(void) {
    char *stack = mmap(NULL, STACK + GUARD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    // An overflow must end in a signal, not overwrite other data.
    if (stack == MAP_FAILED || mprotect(stack, GUARD, PROT_NONE) != 0) {
        dprintf(STDERR_FILENO, "assay: the stack is limited (ulimit -s), and %d MiB for another: %s\n", STACK >> 20, strerror(errno));
        exit(UNDETERMINED);
    }
    static ucontext_t own, back;
    if (getcontext(&own) != 0) abort(); // cannot fail: the signal mask can be read
    own.uc_stack.ss_sp = stack + GUARD;
    own.uc_stack.ss_size = STACK;
    own.uc_link = &back;
    makecontext(&own, run, 0);
    swapcontext(&back, &own);
}

// Raises the limit to the usual one, as the launcher does for every child.
static void raise_descriptors(void) {
    enum { USUAL = 1024 };
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= USUAL) return;
    files.rlim_cur = files.rlim_max < USUAL ? files.rlim_max : USUAL;
    setrlimit(RLIMIT_NOFILE, &files); // after a failure descriptors may run out, which is then reported
}

int main(int argc, char **argv) {
    // The runtime has read the variable. No child should see it, whoever set it.
    unsetenv("SWIFT_ROOT");
    // Beyond `ulimit -f`, write(2) then fails with EFBIG. The launcher restores the default in children.
    signal(SIGXFSZ, SIG_IGN);
    raise_descriptors();
    // execve(2) allows a program without any arguments.
    static char *nameless[] = {"assay", NULL};
    given.argc = argc > 0 ? argc : 1;
    given.argv = argc > 0 ? argv : nameless;
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < STACK) {
        give_threads_room();
        run_with_room();
    } else {
        run();
    }
    return UNDETERMINED; // not reached: `assay_run` exits
}
