// What machines of 32 bits share: their stat, and calls with values of 64 bits, which are given in two words.
#pragma once

// What the probes see: fstatat64(2), with the times of statx(2), which alone tells them in 64 bits.
struct stat {
    uint64_t st_dev, st_ino, st_rdev;
    uint32_t st_mode, st_nlink, st_uid, st_gid;
    int64_t st_size, st_blocks, st_atime, st_mtime, st_ctime;
    uint64_t st_atime_nsec, st_mtime_nsec, st_ctime_nsec;
    uint32_t st_blksize;
};

// arch/x86/include/uapi/asm/stat.h and arch/arm/include/uapi/asm/stat.h: the same words, but that 64 bits are aligned
// to 8 bytes on ARM.
struct stat64 {
    uint64_t dev;
    uint32_t pad1, short_ino, mode, nlink, uid, gid;
    uint64_t rdev;
    uint32_t pad2;
    int64_t size;
    uint32_t blksize;
    uint64_t blocks;
    uint32_t atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec;
    uint64_t ino;
};
static_assert(sizeof(struct stat64) == (alignof(struct { uint64_t word; }) == 8 ? 104 : 96));

enum { STATFS64_SIZE = 84 }; // struct statfs64, packed

long sys_words(long number, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f);
int64_t lseek_words(int fd, int64_t offset, int from);
