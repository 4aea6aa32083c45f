#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

// Adds flags to a bind mount, and keeps its own: a user namespace may not drop inherited flags.
static int restrict_mount(const char *path, unsigned long more) {
    struct statvfs held;
    if (statvfs(path, &held) != 0) return errno;
    unsigned long flags = MS_REMOUNT | MS_BIND | more;
    flags |= held.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME | ST_NODIRATIME); // equal to MS_*
    if (held.f_flag & ST_RELATIME) flags |= MS_RELATIME;
    return mount(NULL, path, NULL, flags, NULL) == 0 ? 0 : errno;
}

static int bind_device(const char *host, const char *below, bool confined) {
    int fd = open(below, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return errno;
    close(fd);
    if (mount(host, below, NULL, MS_BIND, NULL) != 0) return errno;
    // The device is the host's own file: root must not change its mode or owner. Read-only mounts still allow writing
    // to devices.
    return confined ? restrict_mount(below, MS_RDONLY) : 0;
}

// The confinement's paths begin with a slash. The current directory is the new root.
static int hide_system(const struct assay_confinement *confinement) {
    for (const char *const *path = confinement->read_only; *path; path++) {
        const char *below = *path + 1;
        if (mount(below, below, NULL, MS_BIND | MS_REC, NULL) != 0) {
            if (errno == ENOENT) continue;
            return errno;
        }
        int error = restrict_mount(below, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC);
        if (error) return error;
    }
    for (const char *const *path = confinement->masked; *path; path++) {
        const char *below = *path + 1;
        struct stat status;
        if (lstat(below, &status) != 0) {
            if (errno == ENOENT) continue;
            return errno;
        }
        if (S_ISDIR(status.st_mode)) {
            unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
            if (mount("tmpfs", below, "tmpfs", flags, "mode=555,size=4k") != 0) return errno;
            continue;
        }
        if (mount("/dev/null", below, NULL, MS_BIND, NULL) != 0) return errno;
        int error = restrict_mount(below, MS_RDONLY);
        if (error) return error;
    }
    return 0;
}

// Refuses links at these places: the mounts would land elsewhere.
static int check_places(bool writable) {
    static const char *const places[] = {"proc", "dev", "tmp"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct stat status;
        if (i == 2 && writable) break; // nothing is mounted on /tmp
        if (lstat(places[i], &status) != 0) return errno;
        if (!S_ISDIR(status.st_mode)) return ENOTDIR;
    }
    return 0;
}

static int populate_dev(bool confined) {
    if (mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=1m") != 0) return errno;
    static const char *const devices[][2] = {
        {"/dev/null", "dev/null"},     {"/dev/zero", "dev/zero"},       {"/dev/full", "dev/full"},
        {"/dev/random", "dev/random"}, {"/dev/urandom", "dev/urandom"},
    };
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        if (access(devices[i][0], F_OK) != 0) continue; // this host lacks it
        int error = bind_device(devices[i][0], devices[i][1], confined);
        if (error) return error;
    }
    // Some containers have none.
    if (access("/dev/tty", F_OK) == 0) {
        int error = bind_device("/dev/tty", "dev/tty", confined);
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

// Binds the root into an empty file system, mounted over a mount point that is visible here, and enters it.
// In a chroot "/" is no mount point, so mounts below it would reach the host. Only mounts on a visible mount point can
// be made private.
static int bind_on_visible_mount(const char *root) {
    static const char *const places[] = {"/sys", "/run", "/tmp", "/dev/shm", "/proc"};
    int held = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (held < 0) return errno;
    int error = EINVAL;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *place = places[i];
        char below[32];
        size_t length = strlen(place);
        // The kernel refuses this for anything but a mount point.
        if (mount(NULL, place, NULL, MS_REC | MS_PRIVATE, NULL) != 0) continue;
        if (mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=64k") != 0) continue;
        memcpy(below, place, length);
        memcpy(below + length, "/root", 6);
        if (mkdir(below, 0755) == 0 && fchdir(held) == 0 && mount(".", below, NULL, MS_BIND, NULL) == 0 &&
            chdir(below) == 0) {
            error = 0;
        } else {
            error = errno;
        }
        break;
    }
    close(held);
    return error;
}

// Enters a copy of the mount tree, bound over the root itself, and the new root in there. The kernel refuses
// pivot_root(2) from rootfs, which an initramfs is, since nothing is below it. Only with a mount on it is a way back by
// setns(2) or ".." closed, too: it leads to what lies on top.
static int cover_root(const char *root) {
    if (mount("/", "/", NULL, MS_BIND | MS_REC, NULL) != 0) return errno;
    // A path from "/" begins below what is mounted there, and ".." goes on top of it.
    return chdir("/..") == 0 && chroot(".") == 0 && chdir(root) == 0 ? 0 : errno;
}

// pivot_root(2) with "." twice puts the old root on top of the new one, where umount2(2) can detach it.
static int pivot_root(const char *root) {
    if (syscall(SYS_pivot_root, ".", ".") != 0) {
        if (errno != EINVAL) return errno;
        int error = cover_root(root);
        if (error) return error;
        if (syscall(SYS_pivot_root, ".", ".") != 0) return errno;
    }
    return umount2(".", MNT_DETACH) == 0 && chdir("/") == 0 ? 0 : errno;
}

int assay_enter_root(const struct assay_launch *launch, int32_t *proc_error, enum assay_stage *stage) {
    const struct assay_confinement *confinement = launch->confinement;
    const char *root = launch->root;
    int error = 0;
    *stage = ASSAY_STAGE_MOUNT;
    bool in_chroot = mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0;
    if (in_chroot) {
        // A foreign program could leave a root made by chroot(2) alone.
        if (errno != EINVAL || confinement) return errno;
        error = bind_on_visible_mount(root);
        if (error) return error;
    } else if (mount(root, root, NULL, MS_BIND | MS_REC, NULL) != 0 || chdir(root) != 0) {
        return errno;
    }
    if (confinement) error = check_places(launch->writable_root);
    if (error) return error;

    // A new procfs shows the new pid namespace. The kernel refuses it if the caller's own /proc is masked, as in most
    // containers. Then probes that need /proc say so, and the venue still counts.
    if (launch->namespaces & ASSAY_NAMESPACE_PID) {
        *proc_error = mount("proc", "proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) == 0 ? 0 : errno;
    } else {
        *proc_error = mount("/proc", "proc", NULL, MS_BIND | MS_REC, NULL) == 0 ? 0 : errno;
    }
    if (confinement && *proc_error == 0) error = hide_system(confinement);
    if (!error) error = populate_dev(confinement);
    if (error) return error;
    // A writable root keeps its own /tmp, with what the image has there.
    if (!launch->writable_root &&
        mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=512m") != 0) {
        return errno;
    }
    unsigned long more = (launch->writable_root ? 0 : MS_RDONLY) | (confinement ? MS_NODEV : 0);
    if (more) error = restrict_mount(".", more);
    if (error) return error;

    *stage = ASSAY_STAGE_PIVOT;
    if (in_chroot) return chroot(".") == 0 && chdir("/") == 0 ? 0 : errno;
    return pivot_root(root);
}

int assay_show_root(const struct assay_launch *launch) {
    int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), inside = -1, error = 0;
    // Enter the directory first: the new file system may cover it.
    if (before < 0 || chdir(launch->shown_root) != 0 ||
        mount("tmpfs", launch->shown_at, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755,size=64k") != 0 ||
        (inside = open(launch->shown_at, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0 ||
        mkdirat(inside, "root", 0755) != 0) {
        error = errno;
    } else {
        char path[512];
        size_t length = strlen(launch->shown_at);
        if (length > sizeof path - 6) return ENAMETOOLONG;
        memcpy(path, launch->shown_at, length);
        memcpy(path + length, "/root", 6);
        if (mount(".", path, NULL, MS_BIND, NULL) != 0) error = errno;
        if (!error) error = restrict_mount(path, MS_NODEV);
    }
    if (!error && fchdir(before) != 0) error = errno;
    if (inside >= 0) close(inside);
    if (before >= 0) close(before);
    return error;
}
