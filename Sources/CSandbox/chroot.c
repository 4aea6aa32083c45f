#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// The id of the mount that "/" is; 0 if the kernel does not tell (before Linux 5.8).
static uint64_t root_mount(void) {
    struct statx root;
    if (statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &root) != 0 || !(root.stx_mask & STATX_MNT_ID)) return 0;
    return root.stx_mnt_id;
}

int assay_is_chroot(void) {
    int status;
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) {
        // Entering a mount namespace, even one's own, leads to its root: mntns_install() in fs/namespace.c.
        int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
        uint64_t before = root_mount();
        if (own < 0 || before == 0 || setns(own, CLONE_NEWNS) != 0) _exit(2);
        _exit(root_mount() == before ? 0 : 1);
    }
    if (TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) != pid || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status) > 1 ? -1 : WEXITSTATUS(status);
}
