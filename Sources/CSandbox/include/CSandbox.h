// The calls that run between clone and exec. See docs/architecture.md, "How a child is started".
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// The flags of clone(2), which Swift's Glibc module lacks.
enum assay_namespace {
    ASSAY_NAMESPACE_MOUNT = 0x00020000,
    ASSAY_NAMESPACE_UTS = 0x04000000,
    ASSAY_NAMESPACE_IPC = 0x08000000,
    ASSAY_NAMESPACE_USER = 0x10000000,
    ASSAY_NAMESPACE_PID = 0x20000000,
    ASSAY_NAMESPACE_NET = 0x40000000,
};

// The step at which a child failed before its program ran.
enum assay_stage {
    ASSAY_STAGE_NONE = 0,
    ASSAY_STAGE_PIPE,       // a pipe could not be made
    ASSAY_STAGE_CLONE,      // clone(2) refused the namespaces
    ASSAY_STAGE_DESCRIPTORS, // the descriptors could not be moved to their places
    ASSAY_STAGE_USER_MAP,   // uid_map, gid_map or setgroups
    ASSAY_STAGE_MOUNT,      // the mount namespace, or the new root's mounts
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

// What keeps a foreign program from the host, beyond the namespaces.
struct assay_confinement {
    const char *const *masked;    // paths below the root that read as empty; ends with null
    const char *const *read_only; // paths below the root that cannot be written to; ends with null
    unsigned uid, gid;            // the first of the ids outside; inside they begin at 0
    unsigned id_count;            // how many ids; 0: no user namespace, except by `namespaces`
    uint64_t capabilities;        // bits of the capabilities that root keeps; no program can have others
    bool no_new_privileges;
    const struct assay_instruction *filter; // filter of system calls, as seccomp(2) takes it
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
    bool set_identity;         // become uid and gid before exec, without supplementary groups
    uid_t uid;
    gid_t gid;
    bool bare;                 // no monitor: the program is the child itself, and nobody ends its descendants
    int stdin_fd;
    const struct assay_confinement *confinement; // null: none
    int lease_fd;              // held open by the monitor while anything of the program is left; -1: none
    int group_fd;              // cgroup.procs of a cgroup that the program joins; -1: none
    const char *shown_root;    // with a mount namespace and no `root`: a directory that appears as `shown_at`/root,
    const char *shown_at;      // where whoever may not enter the directories above it can reach it
    int term_grace_ms;         // above 0: SIGTERM first when the lifeline closes, and this long until SIGKILL
};

// Read from assay_child.report. End of file without a report means that exec succeeded.
struct assay_report {
    int32_t stage;
    int32_t error;
    char call[16];         // the system call that failed; ends with NUL
};

// Read from assay_child.status at the monitor's end.
struct assay_status {
    int32_t wait_status;   // the program's, as waitpid(2) gives it
    int32_t stragglers;    // descendants that were still alive when the program ended, and were killed; not counted in a
                           // pid namespace, which the kernel clears
    int32_t proc_error;    // errno of mounting /proc below the root; 0: it is there
    int32_t error;         // errno of the monitor's own failed call: then the program's end is unknown
    char call[16];         // name of that call
    // of the program and the descendants that it waited for: microseconds, KiB
    int64_t user_us, system_us, max_rss_kib;
};

struct assay_child {
    pid_t monitor;
    int output, errors;    // the program's standard output and standard error
    int report;            // struct assay_report, or nothing
    int status;            // struct assay_status, once
    int lifeline;          // close it to kill the whole process tree
};

// Starts a monitor, which starts the program and outlives every descendant of it.
// Returns 0, or an errno with *stage telling what failed.
int assay_launch(const struct assay_launch *launch, struct assay_child *child, enum assay_stage *stage);

// Makes orphaned descendants children of this process, rather than of pid 1.
void assay_become_subreaper(void);

// Whether /proc belongs to this process's pid namespace. If not, its numbers are of no use to kill(2).
bool assay_proc_is_own(void);

// Lists the children of all threads of a process, at most `most`. Returns their count, or -1 if /proc cannot be read.
int assay_list_children(pid_t process, pid_t *into, int most);

// Sends a signal to all descendants of a process, but not to the process itself. Not thread-safe.
// Returns how many there were, or -1 if /proc cannot be read.
int assay_signal_tree(pid_t top, int signal);

// Tries once to kill all descendants of a process. Stops them first, so that none forks.
void assay_kill_tree(pid_t top);

// Moves the calling process into new user and mount namespaces, with an empty binfmt_misc mounted in the usual place.
// The process must have one thread. Since Linux 6.7 each user namespace may have its own registry.
// Returns 0, or an errno with *stage telling what failed. After a failure the process can only report it and exit.
int assay_enter_private_registry(enum assay_stage *stage);

// Tries the same in a child; this process does not change. Also opens the empty registry for writing: a security module
// may refuse that although it allows the mount.
// Returns 0, or an errno with *stage telling what failed.
int assay_try_private_registry(enum assay_stage *stage);

// Whether this process's root is not that of its mount namespace, which only root can find out: 1 yes, 0 no, -1 unknown.
int assay_is_chroot(void);

// Moves the calling thread into a mount namespace of its own, in which an empty file system in memory is mounted on the directory.
// Returns 0 or an errno.
int assay_mount_private(const char *directory);

// Calls system calls that emulators make, in a child, each with arguments that it refuses: -1, a null pointer, and -1 for all others.
// A filter that kills ends only the child.
// errors: the errno of each, 0 for success. Returns 0, or the errno by which nothing could be tried.
enum { ASSAY_NOT_CALLED = -1, ASSAY_KILLED = -2 };
int assay_try_calls(int *errors);
// The name of a call by its place among them; a null pointer behind the last.
const char *assay_call_name(int index);

enum { ASSAY_MOST_MISSING = 32 };

// A path that was looked up and not found.
struct assay_missing {
    bool executed;     // looked up for execve(2); else for open(2)
    char path[1024];   // ends with NUL
};

// Starts the launch's program below its root, in a new mount namespace, traced by ptrace(2), with its output discarded.
// Also in a new user namespace if `namespaces` says so.
// Notes the last absolute paths that the program, or a program that it executes, looked up and did not find: oldest
// first.
// Returns 0, or an errno with *stage telling what failed; ETIMEDOUT when the time was up.
int assay_trace_missing(const struct assay_launch *launch, unsigned seconds, struct assay_missing *missing, int *count,
                        enum assay_stage *stage);

// The system call that failed in the two functions for a private registry.
const char *assay_failed_call(void);

// What drills do to their own namespaces, by calls that Swift's Glibc module lacks. Each returns 0 or an errno.
int assay_mount_tmpfs(const char *target, bool noexec);
int assay_mount_read_only(const char *target);
int assay_drop_capabilities(void);
// Moves this process into a system container as LXC makes them: root there sees its host's registry, and may not write
// to it. Since Linux 6.7 it can mount one of its own.
int assay_enter_system_container(void);
// From now on the kernel counts this process among those of an ordinary user, and not of root. The effective identity
// stays. EINVAL: this user namespace has no other user.
int assay_count_as_user(uid_t user);
// PR_SET_MDWE: from now on, memory of this process and its children that was writable cannot become executable.
int assay_deny_write_execute(void);

// Whether PR_SET_MDWE holds for this process: 1 yes, 0 no, -1 if the kernel does not know it (before Linux 6.3).
int assay_denies_write_execute(void);

// Maps memory, writes to it, and asks to execute it too, as a translating emulator does.
// Returns 0, or the errno of the refusal.
int assay_try_write_execute(void);

// System V objects: their control calls are variadic, which Swift cannot call.
enum assay_ipc_kind {
    ASSAY_IPC_SHARED_MEMORY,
    ASSAY_IPC_SEMAPHORES,
    ASSAY_IPC_MESSAGES,
};

// Removes one object. Returns 0 or an errno.
int assay_remove_ipc(enum assay_ipc_kind kind, int id);

#endif
