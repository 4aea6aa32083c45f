// Machines of 32 bits: the calls of sys.h whose arguments their kernels take in another form.
#include "sys.h"

#if __SIZEOF_LONG__ == 4

#define LOW(VALUE) ((long)(VALUE))
#define HIGH(VALUE) ((long)((VALUE) >> 32))

int64_t lseek_words(int fd, int64_t offset, int from)
{
    int64_t place = 0;
    long result = sys_call(SYS_lseek, fd, HIGH(offset), LOW(offset), (long)&place, from, 0);
    return result < 0 ? result : place;
}

static long widen(long result, const struct stat64 *from, int dir, const char *path, int flags, struct stat *to)
{
    if (result < 0)
        return result;
    *to = (struct stat){.st_dev = from->dev,
                        .st_ino = from->ino,
                        .st_rdev = from->rdev,
                        .st_mode = from->mode,
                        .st_nlink = from->nlink,
                        .st_uid = from->uid,
                        .st_gid = from->gid,
                        .st_size = from->size,
                        .st_blocks = (int64_t)from->blocks,
                        .st_blksize = from->blksize,
                        .st_atime = (int32_t)from->atime,
                        .st_mtime = (int32_t)from->mtime,
                        .st_ctime = (int32_t)from->ctime,
                        .st_atime_nsec = from->atime_nsec,
                        .st_mtime_nsec = from->mtime_nsec,
                        .st_ctime_nsec = from->ctime_nsec};
    struct statx times = {};
    if (sys_call(SYS_statx, dir, (long)path, flags, 0xe0 /* the three times */, (long)&times, 0) == 0) {
        to->st_atime = times.atime.seconds;
        to->st_mtime = times.mtime.seconds;
        to->st_ctime = times.ctime.seconds;
    }
    return result;
}

long sys_words(long number, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)
{
    struct stat64 status;
    long w[4] = {LOW(a), LOW(b), LOW(c), LOW(d)};
    switch (number) {
    case SYS_lseek: return LOW(lseek_words((int)a, b, (int)c));
    case SYS_mmap: return f & 4095 ? -EINVAL : sys_call(number, w[0], w[1], w[2], w[3], LOW(e), LOW(f >> 12));
    case SYS_openat: return sys_call(number, w[0], w[1], w[2] | O_LARGEFILE, w[3], 0, 0);
    case SYS_nanosleep: return sys_call(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, w[0], w[1], 0, 0);
    case SYS_statfs:
    case SYS_fstatfs: return sys_call(number, w[0], STATFS64_SIZE, w[1], 0, 0, 0);
    case SYS_fstat:
        return widen(sys_call(number, w[0], (long)&status, 0, 0, 0, 0), &status, (int)a, "", AT_EMPTY_PATH,
                     (struct stat *)w[1]);
    case SYS_newfstatat:
        return widen(sys_call(number, w[0], w[1], (long)&status, w[3], 0, 0), &status, (int)a, (const char *)w[1],
                     (int)d, (struct stat *)w[2]);
    case SYS_preadv:
    case SYS_pwritev: return sys_call(number, w[0], w[1], w[2], w[3], HIGH(d), 0);
    case SYS_preadv2:
    case SYS_pwritev2: return sys_call(number, w[0], w[1], w[2], w[3], HIGH(d), LOW(f));
    case SYS_fallocate: return sys_call(number, w[0], w[1], w[2], HIGH(c), w[3], HIGH(d));
#if defined(__arm__) // two words begin at an even register
    case SYS_pread64:
    case SYS_pwrite64: return sys_call(number, w[0], w[1], w[2], 0, w[3], HIGH(d));
    case SYS_truncate:
    case SYS_ftruncate: return sys_call(number, w[0], 0, w[1], HIGH(b), 0, 0);
    case SYS_readahead: return sys_call(number, w[0], 0, w[1], HIGH(b), w[2], 0);
    case SYS_fadvise64:
    case SYS_sync_file_range: return sys_call(number, w[0], w[3], w[1], HIGH(b), w[2], HIGH(c)); // the flags come first
    case SYS_semctl: return sys_call(number, w[0], w[1], w[2] | IPC_64, w[3], 0, 0);
    case SYS_shmctl:
    case SYS_msgctl: return sys_call(number, w[0], w[1] | IPC_64, w[2], 0, 0, 0);
#else
    case SYS_pread64:
    case SYS_pwrite64: return sys_call(number, w[0], w[1], w[2], w[3], HIGH(d), 0);
    case SYS_truncate:
    case SYS_ftruncate: return sys_call(number, w[0], w[1], HIGH(b), 0, 0, 0);
    case SYS_readahead: return sys_call(number, w[0], w[1], HIGH(b), w[2], 0, 0);
    case SYS_fadvise64:
    case SYS_sync_file_range: return sys_call(number, w[0], w[1], HIGH(b), w[2], HIGH(c), w[3]);
#endif
    default: return sys_call(number, w[0], w[1], w[2], w[3], LOW(e), LOW(f));
    }
}

#if defined(__i386__)
long thread_start(unsigned long flags, void *stack, int *parent_id, int *child_id, struct user_desc *tls,
                  void (*run)(void *), void *argument);

// A thread's own data begin where its segment does. Each thread has a segment of its own in the same place of the
// table, which gs names, and which the first one is given here.
long thread_clone(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *),
                  void *argument)
{
    static void *own[4] = {own};
    static struct user_desc segment = {~0u, 0, 0xfffff, DESC_32BIT | DESC_LIMIT_IN_PAGES | DESC_USEABLE};
    if (flags & CLONE_SETTLS && segment.entry == ~0u) {
        segment.base = (uint32_t)own;
        long result = sys_call(SYS_set_thread_area, (long)&segment, 0, 0, 0, 0, 0);
        if (result < 0)
            return result;
        __asm__ volatile("movw %w0, %%gs" ::"r"(segment.entry << 3 | 3));
    }
    struct user_desc next = segment;
    next.base = (uint32_t)tls;
    return thread_start(flags, stack, parent_id, child_id, flags & CLONE_SETTLS ? &next : nullptr, run, argument);
}
#endif
#endif
