// Placing, moving, growing and reserving mappings.
#include "../fault.h"

static uint8_t *map(void *at, size_t size, int protection, int flags)
{
    uint8_t *memory = sys_mmap(at, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
    expect_success("mmap", (long)memory);
    return memory;
}

static constexpr int READ_WRITE = PROT_READ | PROT_WRITE;

PROBE("memory.fixed",
      "MAP_FIXED replaces exactly what it covers, and a hint at a free place is honoured or given up, never an error",
      "loaders that map segments over a reservation find foreign bytes", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = map(nullptr, 8 * page, READ_WRITE, 0);
    memset(area, 0x11, 8 * page);
    expect_equal("mmap(MAP_FIXED)", (uintptr_t)map(area + 3 * page, 2 * page, READ_WRITE, MAP_FIXED),
                 (uintptr_t)area + 3 * page);
    expect_equal("the byte before", area[3 * page - 1], 0x11);
    expect_equal("the first replaced byte", area[3 * page], 0);
    expect_equal("the last replaced byte", area[5 * page - 1], 0);
    expect_equal("the byte after", area[5 * page], 0x11);
    expect_success("munmap", sys_munmap(area + 5 * page, page));
    expect_equal("mmap at a free hint", (uintptr_t)map(area + 5 * page, page, READ_WRITE, 0),
                 (uintptr_t)area + 5 * page);
    uint8_t *elsewhere = map(area, page, READ_WRITE, 0); // taken: anywhere else
    EXPECT(elsewhere + page <= area || elsewhere >= area + 8 * page, "a hint at a taken place leads elsewhere", "0x%zx",
           (uintptr_t)elsewhere);
    expect_equal("what was mapped there", area[0], 0x11);
}

PROBE("memory.fixed-no-replace", "MAP_FIXED_NOREPLACE refuses a taken place with EEXIST and leaves it alone",
      "loaders and sanitizers that probe for free space overwrite themselves", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = map(nullptr, 2 * page, READ_WRITE, 0);
    area[0] = 0x55;
    long result = (long)sys_mmap(area, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    expect_equal("what was mapped there", area[0], 0x55);
    if (!is_error((void *)result) && result != (long)area) { // kernels before 4.17 ignore the flag
        note("limit-noreplace: MAP_FIXED_NOREPLACE is taken for a hint");
        return;
    }
    expect_error("mmap(MAP_FIXED_NOREPLACE) over a mapping", result, EEXIST);
}

PROBE("memory.remap", "mremap(2) grows, moves and shrinks mappings with their contents",
      "realloc of large blocks loses data", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = map(nullptr, 4 * page, READ_WRITE, 0);
    for (unsigned i = 0; i < 4; i++)
        area[i * page] = (uint8_t)(i + 1);
    uint8_t *grown = (void *)sys5(SYS_mremap, (long)area, (long)(4 * page), (long)(64 * page), MREMAP_MAYMOVE, 0);
    expect_success("mremap to 64 pages", (long)grown);
    for (unsigned i = 0; i < 64; i++)
        expect_equal("first byte of a page after growth", grown[i * page], i < 4 ? i + 1 : 0);
    grown[63 * page] = 64;
    uint8_t *place = map(nullptr, 128 * page, READ_WRITE, 0), *behind = place + 64 * page;
    behind[0] = behind[61 * page] = 0x5a;
    expect_equal("mremap of 64 pages to a place",
                 (unsigned long)sys5(SYS_mremap, (long)grown, (long)(64 * page), (long)(64 * page),
                                     MREMAP_MAYMOVE | MREMAP_FIXED, (long)place),
                 (uintptr_t)place);
    grown = place;
    expect_equal("mremap to 2 pages",
                 (unsigned long)sys5(SYS_mremap, (long)grown, (long)(64 * page), (long)(2 * page), 0, 0),
                 (uintptr_t)grown);
    expect_equal("second page after shrinking", grown[page], 2);
    fault_catch(SIGSEGV);
    uint8_t kept = fault_load(behind);
    bool taken = sizeof(long) == 4 && fault_seen.count > 0;
    if (!taken)
        expect_equal("what lies behind the mapping", kept, 0x5a);
    uint8_t *target = map(nullptr, 4 * page, READ_WRITE, 0);
    expect_equal("mremap(MREMAP_FIXED)",
                 (unsigned long)sys5(SYS_mremap, (long)grown, (long)(2 * page), (long)(2 * page),
                                     MREMAP_MAYMOVE | MREMAP_FIXED, (long)target),
                 (uintptr_t)target);
    expect_equal("second page at its new place", target[page], 2);
    expect_hole("mremap", sys5(SYS_mremap, (long)grown, (long)page, (long)(2 * page), 0, 0), EFAULT);
    if (taken)
        note("limit-mremap-shrink: mremap that shrinks a mapping takes away as much behind it (32-bit programs)");
}

PROBE("memory.brk", "brk(2) grows by zeroed pages, shrinks, grows again zeroed, and returns the old end when it cannot",
      "ldconfig and static programs die of signal 11: the heap of the program collides with the emulator",
      "https://github.com/tonistiigi/binfmt/issues/215")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *start = (uint8_t *)sys1(SYS_brk, 0);
    EXPECT(start != nullptr, "brk(0) gives the end of the heap", "0");
    uint8_t *end = start + 256 * page;
    expect_equal("brk(+256 pages)", (unsigned long)sys1(SYS_brk, (long)end), (uintptr_t)end);
    for (uint8_t *at = start; at < end; at += page) {
        expect_equal("a fresh byte of the heap", *at, 0);
        *at = 0x77;
    }
    end[-1] = 0x77;
    expect_equal("brk back", (unsigned long)sys1(SYS_brk, (long)(start + page)), (uintptr_t)start + page);
    expect_equal("a byte that stayed", start[0], 0x77);
    expect_equal("brk forth", (unsigned long)sys1(SYS_brk, (long)end), (uintptr_t)end);
    expect_equal("a byte that went and came", start[4 * page], 0);
    expect_equal("the last byte", end[-1], 0);
    expect_equal("brk beyond the address space", (unsigned long)sys1(SYS_brk, sizeof(long) == 8 ? 1l << 62 : -4096),
                 (uintptr_t)end);
    expect_equal("brk below the start", (unsigned long)sys1(SYS_brk, 4096), (uintptr_t)end);
}

PROBE("memory.reserve",
      "64 GiB of PROT_NONE address space (1 GiB of 32 bits) can be reserved, used in parts, and given back",
      "Go, Java and V8 reserve this much before they start: out of memory, or a failed assertion", "")
{
    static constexpr bool wide = sizeof(long) == 8;
    size_t size = wide ? (size_t)(2ull << 30) : 256 << 20;
    uint64_t page = auxv_value(AT_PAGESZ), begun = now_ns();
    uint8_t *area = map(nullptr, size, PROT_NONE, MAP_NORESERVE);
    uint64_t milliseconds = (now_ns() - begun) / 1'000'000;
    if (milliseconds < 3 ||
        started.scale > 1) { // otherwise 64 GiB take seconds, and much real memory
        expect_success("munmap", sys_munmap(area, size));
        size = wide ? (size_t)(64ull << 30) : 1 << 30;
        area = map(nullptr, size, PROT_NONE, MAP_NORESERVE);
    } else {
        note(
            "limit-slow-reserve: 2 GiB of address space took %ju ms, so 64 GiB were not tried (QEMU before 8.0 keeps a record for every page)",
            milliseconds);
    }
    for (size_t offset = 0; offset < size; offset += size / 4) {
        expect_success("mprotect of 16 pages", sys_mprotect(area + offset, 16 * page, READ_WRITE));
        expect_equal("a fresh byte", area[offset + 15 * page], 0);
        area[offset + 15 * page] = 1;
    }
    expect_equal("mmap(MAP_FIXED) inside", (uintptr_t)map(area + size / 8, 16 * page, READ_WRITE, MAP_FIXED),
                 (uintptr_t)area + size / 8);
    area[size / 8] = 1;
    expect_success("munmap", sys_munmap(area, size));
    expect_hole("mprotect", sys_mprotect(area, page, PROT_READ), ENOMEM);
}

PROBE("memory.refusal", "what cannot be mapped is refused with ENOMEM or EINVAL, and nothing else changes",
      "allocators take a bogus address for memory", "")
{
    static constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    expect_error("mmap of 2^56 bytes, or all but a page",
                 (long)sys_mmap(nullptr, sizeof(long) == 8 ? (size_t)(1ull << 56) : -8192ul, READ_WRITE,
                                flags | MAP_NORESERVE, -1, 0),
                 ENOMEM);
    expect_error("mmap of nothing", (long)sys_mmap(nullptr, 0, READ_WRITE, flags, -1, 0), EINVAL);
    expect_error("mmap of a descriptor that is not open",
                 (long)sys_mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, lowest_free(0), 0), EBADF);
    expect_error("munmap of an odd address", sys_munmap((void *)0x10001, 4096), EINVAL);
    uint8_t *area = map(nullptr, 65536 * 2, READ_WRITE, 0);
    sys_munmap(area + 65536, 65536);
    expect_hole("mprotect", sys_mprotect(area, 65536 * 2, PROT_READ), ENOMEM);
}

PROBE("memory.advise",
      "MADV_DONTNEED gives back anonymous memory as zeroes, and re-reads a private file mapping from the file",
      "garbage collectors and jemalloc find old bytes in fresh memory", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = map(nullptr, 4 * page, READ_WRITE, 0);
    memset(area, 0x33, 4 * page);
    expect_success("madvise(MADV_DONTNEED)", sys3(SYS_madvise, (long)(area + page), (long)(2 * page), MADV_DONTNEED));
    expect_equal("a byte before", area[page - 1], 0x33);
    expect_equal("a dropped byte", area[page], 0);
    expect_equal("the last dropped byte", area[3 * page - 1], 0);
    expect_equal("a byte after", area[3 * page], 0x33);
    long result = sys3(SYS_madvise, (long)area, (long)page, 9999);
    if (result == 0)
        note("limit-madvise: advice that does not exist is accepted");
    else
        expect_error("madvise with an advice that does not exist", result, EINVAL);
}

[[gnu::noinline]] static unsigned descend(unsigned depth)
{
    volatile uint8_t frame[4096];
    frame[0] = (uint8_t)depth;
    frame[4095] = (uint8_t)(depth >> 8);
    unsigned below = depth > 0 ? descend(depth - 1) : 0;
    return below + (frame[0] == (uint8_t)depth && frame[4095] == (uint8_t)(depth >> 8));
}

PROBE("memory.stack", "the main stack grows to 4 MiB on demand and keeps its contents",
      "deep recursion in compilers ends in signal 11", "")
{
    uint64_t limit[2] = {};
    expect_success("prlimit64(RLIMIT_STACK)", sys4(SYS_prlimit64, 0, 3, 0, (long)limit));
    if (limit[0] < 6 << 20)
        skip("the stack is limited to %ju bytes", limit[0]);
    expect_number("intact frames", descend(1000), 1001);
}
