// Executables as other linkers lay them out, made here by hand: one readable and one writable segment, and a .bss.
#include "../probe.h"

enum { HEADER = sizeof(long) == 8 ? 64 : 52, CODE = 0x140, DATA = 0x400, BSS = 0x30000 };
static constexpr uint64_t DATA_WORD = 0x0123456789abcdef;

// The program: 42 if its data, the end of its .bss and a heap by brk(2) are what they should be, 1 to 4 if not. It is
// copied, so it must need nothing but its own bytes: it learns from AT_ENTRY where they are, and from the word before
// its code how far the writable segment is from the other.
__asm__(".pushsection elf_code, \"ax\"\n\t" ENTER("elf_program") "\n\t.popsection");

[[noreturn, gnu::used, gnu::noinline, gnu::section("elf_code")]] static void elf_program(long *stack)
{
    char **end = (char **)stack + *stack + 2;
    while (*end)
        end++;
    const struct auxv *at = (const struct auxv *)(end + 1);
    while (at->type != AT_ENTRY)
        at++;
    uint32_t apart = ((volatile uint32_t *)(uintptr_t)at->value)[-1];
    volatile uint64_t *data = (volatile uint64_t *)(uintptr_t)(at->value - CODE + apart + DATA), *last = data + BSS / 8 - 1;
    long status = 42;
    // Compared by halves: a whole constant might lie outside the function.
    if ((uint32_t)(*data >> 32) != DATA_WORD >> 32 || (uint32_t)*data != (uint32_t)DATA_WORD)
        status = 1;
    else if (data[2] != 0 || *last != 0)
        status = 2;
    else {
        *last = 1;
        long heap = sys_call(SYS_brk, 0, 0, 0, 0, 0, 0), top = heap + 0x10000;
        volatile uint64_t *word = (volatile uint64_t *)(top - 8);
        if (heap == 0 || sys_call(SYS_brk, top, 0, 0, 0, 0, 0) != top)
            status = 3;
        else if (*word != 0)
            status = 4;
        else
            *word = 1;
    }
    for (;;)
        sys_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
}
extern const uint8_t __start_elf_code[], __stop_elf_code[], __ehdr_start[]; // by the linker

enum { ET_EXEC = 2, ET_DYN = 3, PT_LOAD = 1, PT_INTERP = 3, PT_GNU_STACK = 0x6474e551 };

#if __SIZEOF_LONG__ == 8
struct program_header {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};
#else
struct program_header {
    uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};
#endif

struct elf_file {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    unsigned long entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
    struct program_header headers[4];
    uint8_t pad[CODE - HEADER - 4 * sizeof(struct program_header) - sizeof(uint32_t)];
    uint32_t apart;
    uint8_t code[DATA - CODE];
    uint64_t data[2];
    char interpreter[512];
};
static_assert(offsetof(struct elf_file, code) == CODE && offsetof(struct elf_file, data) == DATA);

static struct program_header segment(uint32_t flags, unsigned offset, unsigned long at, unsigned file, unsigned memory,
                                     unsigned align)
{
    struct program_header header = {.type = PT_LOAD, .flags = flags, .offset = offset, .vaddr = at, .paddr = at};
    header.filesz = file;
    header.memsz = memory;
    header.align = align;
    return header;
}

// Runs the program, with segments that are aligned to so many bytes. Returns its wait status, or that of its interpreter.
static int run_aligned(uint16_t type, unsigned long base, unsigned align, const char *interpreter)
{
    static struct elf_file file = {
        .machine = ELF_MACHINE,
        .version = 1,
        .flags = ELF_FLAGS,
        .phoff = HEADER,
        .ehsize = HEADER,
        .phentsize = sizeof(struct program_header),
        .data = {DATA_WORD, 1},
    };
    memcpy(file.ident, __ehdr_start, sizeof file.ident); // the marker of `--host-registry`, too
    file.type = type;
    file.phnum = interpreter ? 4 : 3;
    file.entry = base + CODE;
    file.apart = align;
    file.headers[0] = segment(5, 0, base, DATA, DATA, align);
    file.headers[1] = segment(6, DATA, base + align + DATA, 16, BSS, align);
    file.headers[2] = (struct program_header){.type = PT_GNU_STACK, .flags = 6, .align = 16};
    if (interpreter) {
        size_t length = strlen(interpreter) + 1;
        EXPECT(length <= sizeof file.interpreter, "a short path", "%s", interpreter);
        memcpy(file.interpreter, interpreter, length);
        file.headers[3] = (struct program_header){.type = PT_INTERP, .offset = offsetof(struct elf_file, interpreter)};
        file.headers[3].filesz = file.headers[3].memsz = length;
    }
    size_t size = (size_t)(__stop_elf_code - __start_elf_code);
    EXPECT(size <= sizeof file.code, "the program fits", "%zu bytes", size);
    memcpy(file.code, __start_elf_code, size);
    const char *path = scratch("program");
    int fd = (int)expect_success("open", sys_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700));
    EXPECT(write_all(fd, &file, sizeof file), "a program can be written", "write failed");
    sys_close(fd);
    const char *const arguments[] = {"program", nullptr};
    return wait_status(spawn(path, interpreter ? "interpreter" : "", arguments, -1));
}

static void run_elf(const char *what, uint16_t type, unsigned long base, const char *interpreter)
{
    int status = run_aligned(type, base, 0x10000, interpreter);
    if (status == 3 << 8 && type == ET_DYN) { // C libraries fall back to mmap
        note("limit-pie-heap: brk(2) cannot grow the heap of a position-independent static program");
        return;
    }
    expect_exit(what, status, 42);
}

PROBE("exec.static-pie", "a position-independent static program is loaded anywhere, with its data, .bss and heap",
      "ldconfig of newer distributions dies of signal 11", "https://github.com/tonistiigi/binfmt/issues/245")
{
    run_elf("the position-independent program", ET_DYN, 0, nullptr);
}

PROBE("exec.fixed-address", "a program linked to 0x400000, where GNU ld puts them, gets that address",
      "the emulator itself sits there: mmap fails, or signal 11", "https://github.com/moby/moby/issues/43039")
{
    run_elf("the program at 0x400000", ET_EXEC, 0x400000, nullptr);
}

PROBE("exec.low-address", "a program linked to 0x10000, where Go puts arm64 programs, gets that address",
      "Unable to find a guest_base: every Go program fails where vm.mmap_min_addr is high",
      "https://github.com/raspberrypi/piserver/issues/146")
{
    run_elf("the program at 0x10000", ET_EXEC, 0x10000, nullptr);
}

// Told of the program that it is to load, as a dynamic linker is.
CHILD_PROGRAM(interpreter)
{
    return auxv_value(AT_ENTRY) % 4096 != CODE ? 1 : auxv_value(AT_PHNUM) != 4 ? 2 : argc != 1 ? 3 : 42;
}

PROBE("exec.interpreter", "a program that names an interpreter starts that one, which is told where the program is",
      "no dynamically linked program starts", "")
{
    run_elf("the interpreter of a program", ET_DYN, 0, started.self);
}

PROBE("exec.small-alignment", "a program whose segments are aligned to 4 KiB is loaded, with its data, .bss and heap",
      "kernels with pages of 16 or 64 KiB (Apple silicon, some of RHEL and Ubuntu) do not start such programs: signal 11",
      "")
{
    long page = kernel_page();
    int status = run_aligned(ET_EXEC, 0x400000, 4096, nullptr);
    if (page > 4096 && status != 42 << 8) {
        note("large-pages: the kernel has pages of %ld KiB: a program that is aligned to 4 KiB ends with %s %d", page / 1024,
             status & 127 ? "signal" : "status", status & 127 ? status & 127 : status >> 8);
        return;
    }
    expect_exit("the program aligned to 4 KiB", status, 42);
}
