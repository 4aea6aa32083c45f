#include "CSandbox.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

int assay_mount_private(const char *directory) {
    if (unshare(CLONE_NEWNS) != 0) return errno;
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) return errno;
    return mount("tmpfs", directory, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") == 0 ? 0 : errno;
}
