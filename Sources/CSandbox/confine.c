#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

// The monitor's answer about the id maps: 0, or an errno and the failed call.
struct answer {
    int32_t error;
    char call[16];
};

// The program's process writes one byte to `unshared` when it has its user namespace. The monitor, which stays outside
// and may map ids, writes an answer to `mapped`.
// `host_proc` is the /proc of the caller's pid namespace, whatever the new root has.
static int host_proc = -1;
static int unshared[2] = {-1, -1}, mapped[2] = {-1, -1};

int assay_prepare_confinement(const struct assay_confinement *confinement) {
    if (!confinement->id_count) return 0;
    host_proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (host_proc < 0) return errno;
    return pipe2(unshared, O_CLOEXEC) == 0 && pipe2(mapped, O_CLOEXEC) == 0 ? 0 : errno;
}

static char *append(char *at, unsigned number) {
    char digits[12];
    size_t count = 0;
    do digits[count++] = (char)('0' + number % 10); while (number /= 10);
    while (count) *at++ = digits[--count];
    return at;
}

// Writes "0 FIRST COUNT\n" into the map of the only child, found by its number in the caller's /proc.
static int write_map(const char *name, unsigned first, unsigned count) {
    char path[64], line[40] = "0 ";
    int list = openat(host_proc, "thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0) return errno;
    ssize_t length = TEMP_FAILURE_RETRY(read(list, path, 16));
    int error = errno;
    close(list);
    if (length < 0) return error;
    size_t digits = 0;
    while (digits < (size_t)length && path[digits] >= '0' && path[digits] <= '9') digits++;
    if (!digits) return ESRCH;
    path[digits] = '/';
    strcpy(path + digits + 1, name);
    char *end = append(line + 2, first);
    *end++ = ' ';
    end = append(end, count);
    *end++ = '\n';
    int map = openat(host_proc, path, O_WRONLY | O_CLOEXEC);
    if (map < 0) return errno;
    error = write(map, line, (size_t)(end - line)) == end - line ? 0 : errno;
    close(map);
    return error;
}

void assay_map_program(const struct assay_confinement *confinement) {
    char ready;
    close(unshared[1]);
    close(mapped[0]);
    // A process that gave up sends nothing: it has reported why.
    ssize_t length = TEMP_FAILURE_RETRY(read(unshared[0], &ready, 1));
    if (length != 0) {
        int error = length < 0 ? errno : write_map("uid_map", confinement->uid, confinement->id_count);
        if (!error) error = write_map("gid_map", confinement->gid, confinement->id_count);
        struct answer answer = {.error = error};
        assay_copy_call(answer.call, assay_call);
        (void)TEMP_FAILURE_RETRY(write(mapped[1], &answer, sizeof answer));
    }
    close(unshared[0]);
    close(mapped[1]);
    close(host_proc);
}

// Enters a user namespace last, so that mounts made before belong to the namespace outside, and becomes root of it.
static void enter_identities(void) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET) != 0) assay_give_up(ASSAY_STAGE_CLONE, errno);
    close(unshared[0]);
    close(mapped[1]);
    struct answer answer;
    // A broken pipe is not the cause: who reads it has failed, and answers why.
    if (write(unshared[1], "!", 1) != 1 && errno != EPIPE) assay_give_up(ASSAY_STAGE_USER_MAP, errno);
    ssize_t length = TEMP_FAILURE_RETRY(read(mapped[0], &answer, sizeof answer));
    if (length != sizeof answer) assay_give_up(ASSAY_STAGE_USER_MAP, length < 0 ? errno : EIO);
    if (answer.error) {
        assay_call = answer.call;
        assay_give_up(ASSAY_STAGE_USER_MAP, answer.error);
    }
    if (syscall(SYS_setgroups, 0, NULL) != 0 || syscall(SYS_setresgid, 0, 0, 0) != 0 ||
        syscall(SYS_setresuid, 0, 0, 0) != 0) {
        assay_give_up(ASSAY_STAGE_IDENTITY, errno);
    }
    assay_raise_loopback();
}

static void drop_bounding(uint64_t kept) {
    for (unsigned long capability = 0; capability < 64; capability++) {
        if (kept >> capability & 1) continue;
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            if (errno == EINVAL) return; // this kernel has no more
            assay_give_up(ASSAY_STAGE_CONFINE, errno);
        }
    }
}

void assay_confine(const struct assay_launch *launch) {
    const struct assay_confinement *confinement = launch->confinement;
    setsid();
    // As runtimes do, so that the program may open /dev/stdout: these pipes are its own.
    for (int fd = 0; fd <= 2; fd++) {
        if (fchown(fd, confinement->uid + launch->uid, confinement->gid + launch->gid) == 0) {}
    }
    if (confinement->id_count) enter_identities();
    // These only hide names: the paths of the host's cgroups, its host name, the caller's session keyring. A refusal
    // does no harm.
    if (unshare(CLONE_NEWCGROUP) == 0) {}
    if (sethostname("assay", 5) == 0) {}
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0, 0, 0);

    drop_bounding(confinement->capabilities);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); // Linux before 4.3 has none
    if (confinement->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        assay_give_up(ASSAY_STAGE_CONFINE, errno);
    }
    struct sock_fprog filter = {
        .len = confinement->filter_length, .filter = (struct sock_filter *)confinement->filter,
    };
    // Loading the filter needs CAP_SYS_ADMIN or no_new_privs, so the capabilities are given up after it.
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) assay_give_up(ASSAY_STAGE_CONFINE, errno);
}

void assay_limit_capabilities(const struct assay_confinement *confinement) {
    uint64_t kept = geteuid() == 0 ? confinement->capabilities : 0;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3], sets[_LINUX_CAPABILITY_U32S_3] = {};
    if (syscall(SYS_capget, &header, held) != 0) assay_give_up(ASSAY_STAGE_CONFINE, errno);
    for (int half = 0; half < _LINUX_CAPABILITY_U32S_3; half++) {
        uint32_t own = (uint32_t)(kept >> 32 * half) & held[half].permitted;
        sets[half] = (struct __user_cap_data_struct){.effective = own, .permitted = own};
    }
    if (syscall(SYS_capset, &header, sets) != 0) assay_give_up(ASSAY_STAGE_CONFINE, errno);
}

static_assert(sizeof(struct assay_instruction) == sizeof(struct sock_filter));
