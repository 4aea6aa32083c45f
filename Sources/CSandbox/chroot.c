#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// What "/" is: the id of the mount, 0 if the kernel does not tell (before Linux 5.8), and the directory in it. A chroot to a
// directory that is no mount point stays on the mount of the root.
struct root {
    uint64_t mount, inode;
};

static struct root root(void) {
    struct statx found;
    if (statx(AT_FDCWD, "/", 0, STATX_MNT_ID | STATX_INO, &found) != 0 || !(found.stx_mask & STATX_MNT_ID)) return (struct root){};
    return (struct root){found.stx_mnt_id, found.stx_ino};
}

int assay_is_chroot(void) {
    int status;
    pid_t pid = fork();
    if (pid < 0) return -1;
    if (pid == 0) {
        // Entering a mount namespace, even one's own, leads to its root: mntns_install() in fs/namespace.c.
        int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
        struct root before = root();
        if (own < 0 || before.mount == 0 || setns(own, CLONE_NEWNS) != 0) _exit(2);
        struct root after = root();
        _exit(after.mount == before.mount && after.inode == before.inode ? 0 : 1);
    }
    if (TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) != pid || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status) > 1 ? -1 : WEXITSTATUS(status);
}
