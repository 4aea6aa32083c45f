// What runs between clone and exec. See docs/architecture.md, "How a child is started".
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// clone(2)'s flags, which Swift's Glibc module does not show.
enum assay_namespace {
    ASSAY_NAMESPACE_MOUNT = 0x00020000,
    ASSAY_NAMESPACE_UTS = 0x04000000,
    ASSAY_NAMESPACE_IPC = 0x08000000,
    ASSAY_NAMESPACE_USER = 0x10000000,
    ASSAY_NAMESPACE_PID = 0x20000000,
    ASSAY_NAMESPACE_NET = 0x40000000,
};

// Where a child stopped before its program ran.
enum assay_stage {
    ASSAY_STAGE_NONE = 0,
    ASSAY_STAGE_PIPE,       // a pipe for the reports could not be made
    ASSAY_STAGE_CLONE,      // clone(2): the namespaces were refused
    ASSAY_STAGE_DESCRIPTORS,
    ASSAY_STAGE_USER_MAP,   // uid_map, gid_map or setgroups
    ASSAY_STAGE_MOUNT,      // the mount namespace, and the new root's mounts
    ASSAY_STAGE_PIVOT,      // pivot_root(2)
    ASSAY_STAGE_IDENTITY,   // setgid, setgroups, setuid
    ASSAY_STAGE_FORK,       // the program's own process
    ASSAY_STAGE_CHDIR,
    ASSAY_STAGE_EXEC,       // execve(2): the kernel refused the program
    ASSAY_STAGE_REGISTRY,   // mounting a private binfmt_misc
    ASSAY_STAGE_CONFINE,    // capabilities, no_new_privs, the filter of system calls
};

// One instruction of a filter: struct sock_filter of linux/filter.h.
struct assay_instruction {
    uint16_t code;
    uint8_t jt, jf;
    uint32_t k;
};

// What keeps a program that nobody here made from the host, beyond the namespaces.
struct assay_confinement {
    const char *const *masked;    // paths below the root that read as empty; ends with null, as the next
    const char *const *read_only;
    unsigned uid, gid;            // ids outside that stand for 0 and the following inside
    unsigned id_count;            // 0: no user namespace but what `namespaces` asks for
    uint64_t capabilities;        // that root keeps, and that any program can have
    bool no_new_privileges;
    const struct assay_instruction *filter; // of system calls, as seccomp(2) takes it
    unsigned short filter_length;
};

struct assay_launch {
    const char *path;          // as seen below `root`
    char *const *argv;
    char *const *envp;
    const char *cwd;           // null: "/" with a root, unchanged without
    const char *root;          // null: no new root
    bool writable_root;        // the program may change what is below `root`, on the host too
    unsigned namespaces;       // enum assay_namespace, joined
    bool no_new_privileges;
    bool set_identity;         // become uid and gid, with no supplementary groups, before exec
    uid_t uid;
    gid_t gid;
    bool bare;                 // no monitor: the program is the child itself, and nobody sees to its descendants
    int stdin_fd;
    const struct assay_confinement *confinement; // null: the venue as it is
    int lease_fd;              // the monitor keeps it open as long as anything of the program is left; -1: none
    int group_fd;              // cgroup.procs of a cgroup that the program joins; -1: none
    const char *shown_root;    // with a mount namespace and no `root`: a directory that appears as `shown_at`/root,
    const char *shown_at;      // where whoever may not enter the directories above it can reach it
    int term_grace_ms;         // above 0: SIGTERM first when the lifeline closes, and this long until SIGKILL
};

// Read from assay_child.report: nothing before end of file means that exec succeeded.
struct assay_report {
    int32_t stage;
    int32_t error;
    char call[16];         // the system call that failed; ends with NUL
};

// Read from assay_child.status when the monitor is done.
struct assay_status {
    int32_t wait_status;   // as waitpid(2) gives it, of the program
    int32_t stragglers;    // descendants that were still alive when the program ended, and were killed; not counted in a
                           // pid namespace, which the kernel clears
    int32_t proc_error;    // errno of mounting /proc below the root; 0 when it is there
    int32_t error;         // errno of the monitor's own call that failed: then how the program ended is not known
    char call[16];         // its name
    int64_t user_us, system_us, max_rss_kib;
};

struct assay_child {
    pid_t monitor;
    int output, errors;    // the program's standard output and standard error
    int report;            // struct assay_report, or nothing
    int status;            // struct assay_status, once
    int lifeline;          // close it, and the whole process tree is killed
};

// Starts a monitor, which starts the program and outlives every descendant of it.
// Returns 0, or an errno with *stage telling what failed.
int assay_launch(const struct assay_launch *launch, struct assay_child *child, enum assay_stage *stage);

// Orphans among the descendants of this process become its children, and not those of pid 1.
void assay_become_subreaper(void);

// Whether /proc is that of this process's own pid namespace: else its numbers are not those that kill(2) takes.
bool assay_proc_is_own(void);

// Children of all threads of a process, at most so many. Returns how many there are, -1 where /proc does not tell.
int assay_list_children(pid_t process, pid_t *into, int most);

// Sends a signal to all descendants of a process, but not to itself. Not for two threads at once.
// Returns how many there were, -1 where /proc does not tell.
int assay_signal_tree(pid_t top, int signal);

// One attempt to kill all descendants of a process: stops them, so that none makes another, and kills them.
void assay_kill_tree(pid_t top);

// Moves the calling process, which must have one thread, into a user and a mount namespace of its own, with an empty
// binfmt_misc mounted in the usual place: since Linux 6.7 each user namespace may have its own registry.
// Returns 0, or an errno with *stage telling what failed; the process is then of no use for anything but saying so.
int assay_enter_private_registry(enum assay_stage *stage);

// Tries the same in a child: nothing of this process changes. Also opens the empty registry for writing, which a security
// module may refuse though it lets the mount through.
// Returns 0, or an errno with *stage telling what failed.
int assay_try_private_registry(enum assay_stage *stage);

enum { ASSAY_MOST_MISSING = 32 };

// A path that was looked up and not found.
struct assay_missing {
    bool executed;     // it was to be executed; else opened
    char path[1024];   // ends with NUL
};

// Starts the launch's program below its root, in a mount namespace of its own, and in a user namespace where `namespaces` says so,
// traced by ptrace(2); notes the last absolute paths that it, or what it executes, asked for and did not find, oldest first.
// Its output goes nowhere. Returns 0, or an errno with *stage telling what failed; ETIMEDOUT when the time was up.
int assay_trace_missing(const struct assay_launch *launch, unsigned seconds, struct assay_missing *missing, int *count,
                        enum assay_stage *stage);

// The system call that failed there.
const char *assay_failed_call(void);

// What drills do to their own namespaces, with calls that Swift's Glibc module does not show. Each returns 0 or an errno.
int assay_mount_tmpfs(const char *target, bool noexec);
int assay_mount_read_only(const char *target);
int assay_drop_capabilities(void);
// PR_SET_MDWE: from here on no memory of this process or its children becomes executable that was writable.
int assay_deny_write_execute(void);

// Whether PR_SET_MDWE holds for this process: 1 yes, 0 no, -1 where the kernel does not know it (before Linux 6.3).
int assay_denies_write_execute(void);

// Asks for memory, writes to it, and asks for it to be executable as well, as an emulator does that translates.
// Returns 0, or the errno that refused it.
int assay_try_write_execute(void);

// System V objects, whose last call is variadic for Swift.
enum assay_ipc_kind {
    ASSAY_IPC_SHARED_MEMORY,
    ASSAY_IPC_SEMAPHORES,
    ASSAY_IPC_MESSAGES,
};

// Removes one. Returns 0 or an errno.
int assay_remove_ipc(enum assay_ipc_kind kind, int id);

#endif
