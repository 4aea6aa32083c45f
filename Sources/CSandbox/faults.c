#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

int assay_mount_tmpfs(const char *target, bool noexec) {
    unsigned long flags = MS_NOSUID | MS_NODEV | (noexec ? MS_NOEXEC : 0);
    return mount("tmpfs", target, "tmpfs", flags, "mode=755") == 0 ? 0 : errno;
}

// Mounts the place over itself first: this namespace may not change the flags of an inherited mount.
int assay_mount_read_only(const char *target) {
    if (mount(target, target, NULL, MS_BIND | MS_REC, NULL) != 0) return errno;
    struct {
        uint64_t set, clear, propagation, user_namespace;
    } attributes = {.set = 1}; // MOUNT_ATTR_RDONLY of mount_setattr(2), Linux 5.12: recursive
    if (syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &attributes, sizeof attributes) == 0) return 0;
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
    if (mount(NULL, target, NULL, flags, NULL) == 0) return 0;
    return mount(NULL, target, NULL, flags | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0 ? 0 : errno;
}

int assay_drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    // Since Linux 5.12, mapping root in a new user namespace needs CAP_SETFCAP, even for root itself.
    uint32_t kept = 1u << CAP_SETFCAP;
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {{.effective = kept, .permitted = kept}};
    return syscall(SYS_capset, &header, sets) == 0 ? 0 : errno;
}

int assay_count_as_user(uid_t user) { return setresuid(user, (uid_t)-1, (uid_t)-1) == 0 ? 0 : errno; }

// From linux/prctl.h, which older systems' headers lack: see PR_SET_MDWE(2const).
enum { SET_MDWE = 65, GET_MDWE = 66, REFUSE_EXEC_GAIN = 1 };

int assay_deny_write_execute(void) { return prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) == 0 ? 0 : errno; }

int assay_denies_write_execute(void) {
    int set = prctl(GET_MDWE, 0, 0, 0, 0);
    return set < 0 ? -1 : set & REFUSE_EXEC_GAIN;
}

int assay_try_write_execute(void) {
    size_t size = 1 << 16;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return errno;
    *(volatile char *)memory = 1; // SELinux checks execmem only for memory that was written
    int error = mprotect(memory, size, PROT_READ | PROT_WRITE | PROT_EXEC) == 0 ? 0 : errno;
    munmap(memory, size);
    return error;
}
