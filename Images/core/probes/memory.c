// Mappings and their granularity.
#include "../probe.h"

PROBE("memory.page-size", "AT_PAGESZ is the granularity that mmap(2) and munmap(2) really have",
      "allocators abort: <jemalloc>: Unsupported system page size", "https://github.com/jemalloc/jemalloc/issues/2639")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    EXPECT(page == 4096 || page == 16384 || page == 65536, "AT_PAGESZ is 4096, 16384 or 65536", "%ju", page);
    uint8_t *at = sys_mmap(nullptr, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)at);
    expect_number("alignment of a mapping", (int64_t)((uintptr_t)at % page), 0);
    expect_success("munmap of the second page", sys_munmap(at + page, page));
    at[page - 1] = 1;
    at[2 * page] = 2; // the neighbours are still there
    void *again = sys_mmap(at + page, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    expect_equal("mmap into the hole of one page", (uintptr_t)again, (uintptr_t)at + page);
    expect_error("mprotect at half a page", sys_mprotect(at + page / 2, page, PROT_READ), EINVAL);
    expect_success("munmap", sys_munmap(at, 4 * page));
}

PROBE("memory.mmap", "anonymous and file mappings: zeroed, private copies stay private, shared writes reach the file",
      "linkers and databases read stale or foreign bytes through mappings", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint64_t *memory = sys_mmap(nullptr, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap(anonymous)", (long)memory);
    for (size_t i = 0; i < 16 * page / sizeof *memory; i += 64)
        expect_equal("a fresh anonymous word", memory[i], 0);
    expect_success("munmap", sys_munmap(memory, 16 * page));

    int fd = (int)expect_success("open", sys_open(scratch("mapped"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    expect_success("ftruncate", sys_ftruncate(fd, (int64_t)(2 * page)));
    expect_number("pwrite64", sys4(SYS_pwrite64, fd, (long)"second page", 11, (long)page), 11);
    char *shared = sys_mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (int64_t)page);
    expect_success("mmap(shared, second page)", (long)shared);
    expect_bytes("file seen through its mapping", shared, "second page", 12);
    char *private = sys_mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, (int64_t)page);
    expect_success("mmap(private)", (long)private);
    memcpy(private, "PRIVATE", 7);
    memcpy(shared + 7, "PAGE", 4);
    char bytes[16] = {};
    expect_number("pread64", sys4(SYS_pread64, fd, (long)bytes, 11, (long)page), 11);
    expect_bytes("file after a shared and a private write", bytes, "second PAGE", 11);
    expect_bytes("the private copy", private, "PRIVATE", 7);
    expect_error("mmap at an offset that is no multiple of a page",
                 (long)sys_mmap(nullptr, page, PROT_READ, MAP_SHARED, fd, 512), EINVAL);
}
