// Protection, sharing between processes, and code that is written at run time.
#include "../fault.h"

static constexpr int READ_WRITE = PROT_READ | PROT_WRITE;

PROBE("memory.protect", "mprotect(2) takes and gives rights page by page; a fault names the byte",
      "guard pages and write barriers of garbage collectors do not work", "")
{
    fault_catch(SIGSEGV);
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 3 * page, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    area[page] = 0x5a;
    expect_success("mprotect(PROT_READ)", sys_mprotect(area + page, page, PROT_READ));
    expect_equal("a read-only byte", fault_load(area + page), 0x5a);
    fault_store(area + page - 1, 1);
    fault_store(area + 2 * page, 1);
    expect_number("faults so far", fault_seen.count, 0);
    fault_store(area + page, 0xff);
    expect_fault("store, PROT_READ", SIGSEGV, SEGV_ACCERR, (uintptr_t)area + page, (uintptr_t)fault_store);
    expect_success("mprotect(PROT_NONE)", sys_mprotect(area + page, page, PROT_NONE));
    fault_load(area + 2 * page - 1);
    expect_fault("load, PROT_NONE", SIGSEGV, SEGV_ACCERR, (uintptr_t)area + 2 * page - 1, (uintptr_t)fault_load);
    expect_success("mprotect back", sys_mprotect(area + page, page, READ_WRITE));
    expect_equal("the byte, kept throughout", area[page], 0x5a);
    expect_error("mprotect(PROT_GROWSDOWN) of memory that does not grow",
                 sys_mprotect(area, page, PROT_READ | 0x01000000), EINVAL);
    fault_store(area, 1);
    expect_number("faults after it was refused", fault_seen.count, 0);
}

PROBE("memory.fault-in-kernel", "system calls given memory that cannot be touched fail with EFAULT and raise no signal",
      "programs that probe pointers through the kernel (Go, sanitizers) crash the emulator instead", "")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 2 * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    expect_success("mprotect", sys_mprotect(area + page, page, PROT_NONE));
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    expect_error("write from PROT_NONE", sys_write(ends[1], area + page, 8), EFAULT);
    expect_number("write from readable memory", sys_write(ends[1], area, 8), 8);
    expect_error("read into PROT_READ", sys_read(ends[0], area, 8), EFAULT);
    expect_error("open with a null path", sys_open(nullptr, O_RDONLY, 0), EFAULT);
    expect_error("clock_gettime to address 8", sys2(SYS_clock_gettime, CLOCK_MONOTONIC, 8), EFAULT);
    expect_error("uname across the end of a mapping", sys1(SYS_uname, (long)(area + page - 16)), EFAULT);
}

PROBE("memory.shared", "a shared mapping is one memory for parent and child, and futexes in it work between them",
      "postgres, python multiprocessing and make's job server lose messages", "")
{
    struct {
        uint32_t turn;
        uint32_t count;
        uint64_t text;
    } *shared = sys_mmap(nullptr, 4096, READ_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)shared);
    int pid = (int)expect_success("fork", sys_fork());
    for (int i = 0; i < 20; i++) {
        while (__atomic_load_n(&shared->turn, __ATOMIC_ACQUIRE) != (uint32_t)(pid == 0))
            sys_futex(&shared->turn, FUTEX_WAIT, pid != 0, &(struct timespec){1, 0});
        expect_number("count", shared->count, 2 * i + (pid == 0));
        shared->count++;
        shared->text = 0x0101010101010101 * (uint64_t)i;
        __atomic_store_n(&shared->turn, pid != 0, __ATOMIC_RELEASE);
        sys_futex(&shared->turn, FUTEX_WAKE, 1, nullptr);
    }
    if (pid == 0)
        sys_exit(0);
    expect_exit("the child", wait_status(pid), 0);
    expect_number("count at the end", shared->count, 40);
    expect_equal("the last text", shared->text, 0x1313131313131313);
}

// Writes a function that returns `value`.
static void write_function(void *at, uint16_t value)
{
    synchronise_code(at, (char *)at + function_code(at, value));
}

static int call(const void *code)
{
    int (*function)(void);
    memcpy(&function, &code, sizeof function);
    return function();
}

PROBE("memory.jit",
      "code written at run time executes, and after it is rewritten and the caches are maintained, the new code does",
      "node, Java and LuaJIT crash at random places", "https://github.com/docker/setup-qemu-action/issues/188")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, 2 * page, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    for (uint16_t i = 1; i <= 8; i++) {
        write_function(area + page - 4, (uint16_t)(i * 1000)); // across a page
        expect_success("mprotect(RX)", sys_mprotect(area, 2 * page, PROT_READ | PROT_EXEC));
        expect_number("value of the new code", call(area + page - 4), i * 1000);
        expect_success("mprotect(RW)", sys_mprotect(area, 2 * page, READ_WRITE));
    }
    long result = sys_mprotect(area, 2 * page, READ_WRITE | PROT_EXEC);
    if (result == -EACCES || result == -EPERM) // a policy of the host
        return;
    expect_success("mprotect(RWX)", result);
    for (uint16_t i = 1; i <= 8; i++) {
        write_function(area, i);
        write_function(area + 64, (uint16_t)(i + 100));
        expect_number("value of the first function", call(area), i);
        expect_number("value of its neighbour", call(area + 64), i + 100);
    }
}

PROBE("memory.jit-alias",
      "code written through one mapping and executed through another is seen after cache maintenance",
      ".NET 7 and later write all code this way (W^X) and crash", "https://gitlab.com/qemu-project/qemu/-/issues/1034")
{
    uint64_t page = auxv_value(AT_PAGESZ);
    int fd = (int)sys2(SYS_memfd_create, (long)"code", 1);
    expect_success("memfd_create", fd);
    expect_success("ftruncate", sys_ftruncate(fd, (int64_t)page));
    uint8_t *writable = sys_mmap(nullptr, page, READ_WRITE, MAP_SHARED, fd, 0);
    uint8_t *executable = sys_mmap(nullptr, page, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    expect_success("mmap(RW)", (long)writable);
    if ((long)executable == -EPERM || (long)executable == -EACCES)
        skip("the host forbids executable shared mappings");
    expect_success("mmap(RX)", (long)executable);
    for (uint16_t i = 1; i <= 4; i++) {
        write_function(writable, i);
        synchronise_code(executable,
                         executable + 16); // by the address that executes, as compilers' __clear_cache callers do
        int value = call(executable);
        if (i > 1 && value == i - 1) {
            note("limit-jit-alias: code rewritten through another mapping stays stale");
            return;
        }
        expect_number("value of the new code", value, i);
    }
}

PROBE("memory.no-execute", "jumping to memory without PROT_EXEC raises SIGSEGV at that address",
      "exploits and wild jumps run on instead of failing", "")
{
    fault_catch(SIGSEGV);
    uint64_t page = auxv_value(AT_PAGESZ);
    uint8_t *area = sys_mmap(nullptr, page, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)area);
    write_function(area, 1);
    call(area);
    if (fault_seen.count == 0) {
        note("limit-no-execute: memory without PROT_EXEC is executed");
        return;
    }
    expect_fault("jump into data", SIGSEGV, SEGV_ACCERR, (uintptr_t)area, (uintptr_t)area);
}
