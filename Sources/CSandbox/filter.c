#include "CSandbox.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct call {
    const char *name;
    long number;
} calls[] = {
    {"faccessat2", SYS_faccessat2},
    {"openat2", SYS_openat2},
    {"close_range", SYS_close_range},
    {"pidfd_open", SYS_pidfd_open},
    {"statx", SYS_statx},
    {"memfd_create", SYS_memfd_create},
    {"getrandom", SYS_getrandom},
    {"renameat2", SYS_renameat2},
    {"execveat", SYS_execveat},
    {"membarrier", SYS_membarrier},
    {"copy_file_range", SYS_copy_file_range},
    {"preadv2", SYS_preadv2},
    {"sched_getattr", SYS_sched_getattr},
    {"prlimit64", SYS_prlimit64},
    {"utimensat", SYS_utimensat},
    {"unshare", SYS_unshare},
    {"setns", SYS_setns},
};
enum { count = sizeof calls / sizeof *calls };

const char *assay_call_name(int index) { return index < count ? calls[index].name : NULL; }

int assay_try_calls(int *errors) {
    size_t size = count * sizeof *errors;
    int *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return errno;
    for (int i = 0; i < count; i++) shared[i] = ASSAY_NOT_CALLED;
    pid_t pid = fork();
    int error = pid < 0 ? errno : 0;
    if (pid == 0) {
        for (int i = 0; i < count; i++) {
            shared[i] = ASSAY_KILLED;
            shared[i] = syscall(calls[i].number, -1L, 0L, -1L, -1L, -1L, -1L) < 0 ? errno : 0;
        }
        _exit(0);
    }
    if (pid > 0 && TEMP_FAILURE_RETRY(waitpid(pid, NULL, 0)) != pid) error = errno;
    for (int i = 0; i < count; i++) errors[i] = shared[i];
    munmap(shared, size);
    return error;
}
