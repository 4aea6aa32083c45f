#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bind_device(const char *host, const char *below) {
    int fd = open(below, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    close(fd);
    return mount(host, below, NULL, MS_BIND, NULL) == 0 ? 0 : errno;
}

static int populate_dev(void) {
    if (mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=1m") != 0) return errno;
    static const char *const devices[][2] = {
        {"/dev/null", "dev/null"},     {"/dev/zero", "dev/zero"},       {"/dev/full", "dev/full"},
        {"/dev/random", "dev/random"}, {"/dev/urandom", "dev/urandom"},
    };
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        int error = bind_device(devices[i][0], devices[i][1]);
        if (error) return error;
    }
    // Absent in some containers.
    if (access("/dev/tty", F_OK) == 0) {
        int error = bind_device("/dev/tty", "dev/tty");
        if (error) return error;
    }
    // https://github.com/opencontainers/runtime-spec/blob/main/runtime-linux.md#dev-symbolic-links
    static const char *const links[][2] = {
        {"/proc/self/fd", "dev/fd"},
        {"/proc/self/fd/0", "dev/stdin"},
        {"/proc/self/fd/1", "dev/stdout"},
        {"/proc/self/fd/2", "dev/stderr"},
    };
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        if (symlink(links[i][0], links[i][1]) != 0) return errno;
    }
    if (mkdir("dev/shm", 01777) != 0) return errno;
    return mount("tmpfs", "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m") == 0 ? 0 : errno;
}

// A bind mount inherits flags that a user namespace may not drop: keep them, add read-only.
static int make_read_only(void) {
    struct statvfs held;
    if (statvfs(".", &held) != 0) return errno;
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
    flags |= held.f_flag & (ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME | ST_NODIRATIME); // same bits as MS_*
    if (held.f_flag & ST_RELATIME) flags |= MS_RELATIME;
    return mount(NULL, ".", NULL, flags, NULL) == 0 ? 0 : errno;
}

int assay_enter_root(const char *root, bool own_pids, bool writable, int32_t *proc_error, enum assay_stage *stage) {
    *stage = ASSAY_STAGE_MOUNT;
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) return errno;
    if (mount(root, root, NULL, MS_BIND | MS_REC, NULL) != 0 || chdir(root) != 0) return errno;

    // A new procfs shows the new pid namespace; the kernel refuses it where the caller's own /proc is masked,
    // as in most containers. Probes that need /proc then say so; the venue itself stands.
    if (own_pids) {
        *proc_error = mount("proc", "proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) == 0 ? 0 : errno;
    } else {
        *proc_error = mount("/proc", "proc", NULL, MS_BIND | MS_REC, NULL) == 0 ? 0 : errno;
    }
    int error = populate_dev();
    if (error) return error;
    // A writable root has a /tmp of its own, and what the image brings in it.
    if (!writable) {
        if (mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=512m") != 0) return errno;
        error = make_read_only();
        if (error) return error;
    }

    *stage = ASSAY_STAGE_PIVOT;
    // pivot_root(2): "." over ".", after which the old root lies on top of the new one and can be let go.
    if (syscall(SYS_pivot_root, ".", ".") != 0) return errno;
    if (umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) return errno;
    return 0;
}
