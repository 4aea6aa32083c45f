#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

// Maps every id to itself. Only a process outside, with the right to any id, may write this map.
static bool map_everything(pid_t pid) {
    static const char *const files[] = {"uid_map", "gid_map"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[48];
        snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i]);
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        static const char whole[] = "0 0 4294967295\n";
        bool written = fd >= 0 && write(fd, whole, strlen(whole)) == (ssize_t)strlen(whole);
        if (fd >= 0) close(fd);
        if (!written) return false;
    }
    return true;
}

// The mapper's exit status if it could not map. Else it is the errno of its read, or 0.
enum { UNMAPPED = 255 };

// Unshares. A child stays outside, and maps this process's ids once it is inside.
static int unshare_mapped(enum assay_stage *stage) {
    uid_t uid = geteuid();
    gid_t gid = getegid();
    int go[2];
    *stage = ASSAY_STAGE_PIPE;
    if (pipe2(go, O_CLOEXEC) != 0) return errno;
    *stage = ASSAY_STAGE_FORK;
    pid_t self = getpid(), mapper = fork();
    if (mapper < 0) return errno;
    if (mapper == 0) {
        char ready;
        close(go[1]);
        ssize_t got = TEMP_FAILURE_RETRY(read(go[0], &ready, 1));
        _exit(got < 0 ? errno : got == 1 && map_everything(self) ? 0 : UNMAPPED);
    }
    close(go[0]);
    *stage = ASSAY_STAGE_CLONE;
    int error = unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 ? 0 : errno;
    if (!error && TEMP_FAILURE_RETRY(write(go[1], "!", 1)) != 1) error = errno;
    close(go[1]);
    const char *call = assay_call;
    int status;
    bool waited = TEMP_FAILURE_RETRY(wait4(mapper, &status, 0, NULL)) == mapper;
    // It ends at a failed read: whether the write comes before that or fails, too, is chance.
    bool failed = waited && WIFEXITED(status) && WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != UNMAPPED;
    if (failed && (!error || error == EPIPE)) {
        assay_call = "read";
        return WEXITSTATUS(status);
    }
    if (error) {
        assay_call = call;
        return error;
    }
    if (!waited) return errno;
    *stage = ASSAY_STAGE_USER_MAP;
    // An ordinary user may map only himself.
    return status == 0 ? 0 : assay_map_identity(uid, gid);
}

int assay_try_private_registry(enum assay_stage *stage) {
    struct {
        int32_t error, stage;
        char call[16];
    } told = {.error = EPROTO, .stage = ASSAY_STAGE_FORK};
    int ends[2];
    *stage = ASSAY_STAGE_PIPE;
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    *stage = ASSAY_STAGE_FORK;
    pid_t pid = fork();
    if (pid == 0) {
        told.error = assay_enter_private_registry(stage);
        if (!told.error) {
            *stage = ASSAY_STAGE_REGISTRY;
            int fd = open("/proc/sys/fs/binfmt_misc/register", O_WRONLY | O_CLOEXEC);
            if (fd < 0) told.error = errno;
        }
        told.stage = (int32_t)*stage;
        assay_copy_call(told.call, assay_call);
        _exit(write(ends[1], &told, sizeof told) == (ssize_t)sizeof told ? 0 : 1);
    }
    int error = pid < 0 ? errno : 0;
    close(ends[1]);
    if (!error && TEMP_FAILURE_RETRY(read(ends[0], &told, sizeof told)) == (ssize_t)sizeof told) {
        static char call[sizeof told.call];
        memcpy(call, told.call, sizeof call - 1);
        assay_call = call;
        error = told.error;
        *stage = (enum assay_stage)told.stage;
    } else if (!error) {
        error = EPROTO;
    }
    close(ends[0]);
    int status;
    if (pid > 0) (void)TEMP_FAILURE_RETRY(waitpid(pid, &status, 0));
    return error;
}

int assay_enter_private_registry(enum assay_stage *stage) {
    int error = unshare_mapped(stage);
    if (error) return error;
    *stage = ASSAY_STAGE_REGISTRY;
    if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) return errno;
    if (mount("binfmt_misc", "/proc/sys/fs/binfmt_misc", "binfmt_misc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) {
        return errno;
    }
    *stage = ASSAY_STAGE_NONE;
    return 0;
}

int assay_enter_system_container(void) {
    // The registry's files belong to the outer namespace's root, which is nobody here.
    for (int inside = 1; inside >= 0; inside--) {
        uid_t uid = geteuid();
        gid_t gid = getegid();
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return errno;
        int error = assay_map_identity_to(inside, uid, gid);
        if (error) return error;
        unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
        if (inside && mount("binfmt_misc", "/proc/sys/fs/binfmt_misc", "binfmt_misc", flags, NULL) != 0) return errno;
    }
    return 0;
}
