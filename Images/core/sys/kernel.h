// Constants and structures that most architectures share (include/uapi/asm-generic and include/uapi/linux).
#pragma once

// Where an architecture's own header does not say otherwise.
#ifndef UNDEFINED_LENGTH
#define UNDEFINED_LENGTH 0 // from an undefined instruction to the pc that its signal shows
#endif
#ifndef FAULT_ADDRESS_MASK
#define FAULT_ADDRESS_MASK ~0ull // what si_addr tells of an address
#endif
#ifndef PLATFORM
#define PLATFORM nullptr // AT_PLATFORM, where it does not depend on the processor
#endif
#ifndef file_system_flags
static inline uint64_t file_system_flags(const uint64_t *words) // f_flags of struct statfs
{
    return sizeof(long) == 8 ? words[10] : ((const uint32_t *)words)[16];
}
#endif
#ifndef FAULT_CALL
#define FAULT_CALL // how fault_load and fault_store get their arguments
#endif
#ifndef TLS_NAMES_ITSELF
#define TLS_NAMES_ITSELF false // whether the first word of a thread's own data has to be its address
#endif
#ifndef IPC_64
#define IPC_64 0 // asks old calls for structures of this size (include/uapi/linux/ipc.h)
#endif

enum { ELF_CLASS = sizeof(void *) / 4, ELF_DATA = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 1 : 2 };

enum {
    AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_EACCESS = 0x200, AT_SYMLINK_FOLLOW = 0x400,
    AT_EMPTY_PATH = 0x1000,
    O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0100, O_EXCL = 0200, O_TRUNC = 01000, O_APPEND = 02000,
    O_NONBLOCK = 04000, O_CLOEXEC = 02000000, O_PATH = 010000000, O_TMPFILE = 020000000 | O_DIRECTORY,
    SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2, SEEK_DATA = 3, SEEK_HOLE = 4,
    F_DUPFD = 0, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, F_OFD_GETLK = 36,
    F_OFD_SETLK = 37, F_DUPFD_CLOEXEC = 1030, F_ADD_SEALS = 1033, F_GET_SEALS = 1034, FD_CLOEXEC = 1,
    F_RDLCK = 0, F_WRLCK = 1, F_UNLCK = 2,
    S_IFMT = 0170000, S_IFREG = 0100000, S_IFDIR = 0040000, S_IFLNK = 0120000, S_IFSOCK = 0140000, S_IFIFO = 0010000,

    PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4,
    MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20,
    MAP_FIXED_NOREPLACE = 0x100000, MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2, MADV_DONTNEED = 4,

    SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGBUS = 7, SIGFPE = 8, SIGKILL = 9,
    SIGUSR1 = 10, SIGSEGV = 11, SIGUSR2 = 12, SIGPIPE = 13, SIGALRM = 14, SIGTERM = 15, SIGCHLD = 17, SIGCONT = 18,
    SIGSTOP = 19, SIGURG = 23, SIGSYS = 31, SIGRTMIN = 34, // 32 and 33 belong to libc
    SA_NOCLDSTOP = 1, SA_SIGINFO = 4, SA_ONSTACK = 0x08000000, SA_RESTART = 0x10000000, SA_NODEFER = 0x40000000,
    SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2, SS_ONSTACK = 1, SS_DISABLE = 2,
    SI_USER = 0, SI_QUEUE = -1, SI_TIMER = -2, SI_TKILL = -6,
    SEGV_MAPERR = 1, SEGV_ACCERR = 2, BUS_ADRALN = 1, BUS_ADRERR = 2, ILL_ILLOPC = 1, FPE_INTDIV = 1, TRAP_BRKPT = 1,
    CLD_EXITED = 1, CLD_KILLED = 2, CLD_STOPPED = 5, CLD_CONTINUED = 6,
    WNOHANG = 1, WUNTRACED = 2, WEXITED = 4, WCONTINUED = 8, WNOWAIT = 0x01000000, P_ALL = 0, P_PID = 1,

    POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 0x10, POLLNVAL = 0x20,
    FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_REQUEUE = 3, FUTEX_CMP_REQUEUE = 4, FUTEX_WAKE_OP = 5, FUTEX_WAIT_BITSET = 9,
    FUTEX_WAKE_BITSET = 10, FUTEX_PRIVATE = 128,
    CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_PROCESS_CPU = 2, CLOCK_THREAD_CPU = 3, CLOCK_MONOTONIC_RAW = 4,
    CLOCK_BOOTTIME = 7, TIMER_ABSTIME = 1,
    PR_SET_PDEATHSIG = 1, PR_GET_PDEATHSIG = 2, PR_GET_DUMPABLE = 3, PR_SET_NAME = 15, PR_GET_NAME = 16,
    PR_GET_SECCOMP = 21, PR_SET_CHILD_SUBREAPER = 36, PR_GET_CHILD_SUBREAPER = 37, PR_SET_NO_NEW_PRIVS = 38,
    PR_GET_NO_NEW_PRIVS = 39,
    AT_NULL = 0, AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_ENTRY = 9, AT_UID = 11,
    AT_EUID = 12, AT_GID = 13, AT_EGID = 14, AT_PLATFORM = 15, AT_HWCAP = 16, AT_CLKTCK = 17, AT_SECURE = 23,
    AT_RANDOM = 25, AT_HWCAP2 = 26, AT_EXECFN = 31, AT_SYSINFO_EHDR = 33,
};

#if __SIZEOF_LONG__ == 8
enum { F_GETLK = 5, F_SETLK = 6 };
#else
enum { F_GETLK = 12, F_SETLK = 13 }; // with offsets of 64 bits
#endif

#if defined(__powerpc64__) // arch/powerpc/include/uapi/asm: mman.h, socket.h, ioctls.h
enum { MAP_NORESERVE = 0x40, SO_RCVTIMEO = 18, SO_SNDTIMEO = 19, SO_PASSCRED = 20, SO_PEERCRED = 21, FIONREAD = 0x4004667f };
#else
enum { MAP_NORESERVE = 0x4000, SO_PASSCRED = 16, SO_PEERCRED = 17, SO_RCVTIMEO = 20, SO_SNDTIMEO = 21, FIONREAD = 0x541b };
#endif

enum : uint64_t {
    CLONE_VM = 0x100, CLONE_FS = 0x200, CLONE_FILES = 0x400, CLONE_SIGHAND = 0x800, CLONE_PIDFD = 0x1000,
    CLONE_VFORK = 0x4000, CLONE_PARENT = 0x8000, CLONE_THREAD = 0x10000, CLONE_NEWNS = 0x20000, CLONE_SYSVSEM = 0x40000,
    CLONE_SETTLS = 0x80000, CLONE_PARENT_SETTID = 0x100000, CLONE_CHILD_CLEARTID = 0x200000,
    CLONE_CHILD_SETTID = 0x1000000, CLONE_NEWUTS = 0x4000000, CLONE_NEWUSER = 0x10000000,
    CLONE_THREAD_ALL = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, // as pthread_create
};

struct timespec {
    int64_t seconds, nanoseconds;
};
struct timeval { // no call that takes it was given 64 bits on machines of 32
    long seconds, microseconds;
};
struct itimerspec {
    struct timespec interval, value;
};
struct itimerval {
    struct timeval interval, value;
};
struct pollfd {
    int32_t fd;
    int16_t events, revents;
};
struct iovec {
    void *base;
    size_t size;
};
struct auxv {
    unsigned long type, value;
};
struct utsname {
    char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};

struct siginfo {
    int32_t signo, error, code;
#if __SIZEOF_LONG__ == 8
    int32_t pad;
#endif
    union {
        struct {
            int32_t pid;
            uint32_t uid;
            union {
                unsigned long value; // sigval of a queued signal
                int32_t status; // SIGCHLD
            };
        };
        struct {
            int32_t timer, overrun;
            unsigned long timer_value;
        };
        void *address;
        uint8_t rest[sizeof(long) == 8 ? 112 : 116];
    };
};
static_assert(sizeof(struct siginfo) == 128);

struct sigaction {
    union {
        void (*handler)(int);
        void (*action)(int, struct siginfo *, void *);
    };
    unsigned long flags;
#if !defined(__riscv) // which never had it
    void (*restorer)(void);
#endif
    word_aligned mask;
#if defined(__riscv)
    uint64_t misplaced_mask; // of emulators for which it has one
#endif
};
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

struct statx_timestamp {
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t pad;
};
struct statx {
    uint32_t mask, blksize;
    uint64_t attributes;
    uint32_t nlink, uid, gid;
    uint16_t mode, pad1;
    uint64_t ino, size, blocks, attributes_mask;
    struct statx_timestamp atime, btime, ctime, mtime;
    uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
    uint64_t rest[14];
};
static_assert(sizeof(struct statx) == 256);

struct
#if defined(__x86_64__)
    [[gnu::packed]]
#endif
    epoll_event {
    uint32_t events;
    uint64_t data;
};

struct dirent64 {
    uint64_t ino;
    int64_t offset;
    uint16_t size;
    uint8_t type;
    char name[];
};
