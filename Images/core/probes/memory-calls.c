// What the calls on memory round, fill in and refuse.
#include "../fault.h"

PROBE("memory.rounding",
      "munmap, mprotect, msync, mincore and madvise take whole pages, and mincore fills a byte for each",
      "memory that was given back is still there, or the reverse", "")
{
    size_t page = auxv_value(AT_PAGESZ);
    uint8_t *memory = sys_mmap(nullptr, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)memory);
    memset(memory, 7, 8 * page);
    uint8_t vector[10];
    memset(vector, 0x5a, sizeof vector);
    expect_success("mincore", sys3(SYS_mincore, (long)memory, (long)(7 * page + 1), (long)vector));
    for (int i = 0; i < 8; i++)
        expect_equal("mincore of a page that was written", vector[i] & 1, 1);
    expect_equal("the byte after them", vector[8], 0x5a);
    expect_error("mincore at half a page", sys3(SYS_mincore, (long)memory + 1, 1, (long)vector), EINVAL);
    expect_success("munmap of one byte of the last page", sys_munmap(memory + 7 * page, 1));
    expect_error("mincore of what was unmapped", sys3(SYS_mincore, (long)(memory + 7 * page), 1, (long)vector), ENOMEM);
    expect_success("munmap of a page and a byte", sys_munmap(memory + 5 * page, page + 1));
    fault_catch(SIGSEGV);
    fault_load(memory + 6 * page);
    expect_number("faults in the page that a byte took away", fault_seen.count, 1);
    expect_number("what is left", memory[5 * page - 1], 7);
    expect_success("mprotect of one byte", sys_mprotect(memory + 4 * page, 1, PROT_READ));
    fault_store(memory + 5 * page - 1, 1);
    expect_number("faults in the whole page", fault_seen.count, 2);
    expect_error("mprotect at half a page", sys_mprotect(memory + 1, page, PROT_READ), EINVAL);
    expect_hole("mprotect", sys_mprotect(memory + 4 * page, 3 * page, PROT_READ), ENOMEM);
    expect_error("munmap at half a page", sys_munmap(memory + 1, page), EINVAL);
    expect_error("munmap of nothing", sys_munmap(memory, 0), EINVAL);
    expect_success("madvise(MADV_DONTNEED)", sys3(SYS_madvise, (long)memory, (long)page + 1, MADV_DONTNEED));
    expect_number("two pages are zero after it", memory[0] + memory[2 * page - 1], 0);
    expect_number("the third is not", memory[2 * page], 7);
    expect_error("madvise at half a page", sys3(SYS_madvise, (long)memory + 1, (long)page, MADV_DONTNEED), EINVAL);
    expect_hole("msync", sys3(SYS_msync, (long)(memory + 7 * page), (long)page, 4), ENOMEM);
    expect_error("msync with two ways at once", sys3(SYS_msync, (long)memory, (long)page, 1 | 4), EINVAL);
    expect_success("mlock", sys2(SYS_mlock, (long)memory, (long)page));
    expect_success("munlock", sys2(SYS_munlock, (long)memory, (long)page));
    expect_success("munlockall", sys0(SYS_munlockall));
}

PROBE("memory.brk-again", "memory that brk(2) gave back and takes again is zero, to the byte",
      "programs find their own old data in new memory", "")
{
    uint8_t *end = (uint8_t *)sys1(SYS_brk, 0);
    size_t page = auxv_value(AT_PAGESZ);
    if ((uint8_t *)sys1(SYS_brk, (long)(end + 3 * page)) != end + 3 * page)
        skip("no heap by brk here"); // exec.static-pie judges that
    memset(end, 0x77, 3 * page);
    expect_equal("brk back", (unsigned long)sys1(SYS_brk, (long)(end + 9)), (uintptr_t)(end + 9));
    expect_equal("brk forth", (unsigned long)sys1(SYS_brk, (long)(end + 3 * page)), (uintptr_t)(end + 3 * page));
    size_t kept = page - (uintptr_t)end % page;
    for (size_t i = kept < 9 ? 9 : kept; i < 3 * page - page; i++)
        EXPECT(end[i] == 0, "whole pages that were given back are zero", "0x%02x at %zu", end[i], i);
    expect_number("what was kept", end[8], 0x77);
}
