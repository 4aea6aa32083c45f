// Executables as other linkers lay them out, made here by hand: one readable and one writable segment, and a .bss.
#include "../probe.h"

// The program: 42 if its data, the end of its .bss and a heap by brk(2) are what they should be, 1 to 4 if not.
#if defined(__aarch64__)
__asm__(
    ".section .rodata\n\t.balign 8\nelf_code:\n\t"
    "adr x9, elf_code - 0x100\n\tmovz x10, #1, lsl #16\n\tmovk x10, #0x200\n\tadd x9, x9, x10\n\t"
    "mov x19, #1\n\tldr x11, [x9]\n\tldr x12, 1f\n\tcmp x11, x12\n\tb.ne 2f\n\t"
    "mov x19, #2\n\tmovz x10, #2, lsl #16\n\tmovk x10, #0xfff8\n\tldr x11, [x9, #16]\n\tldr x12, [x9, x10]\n\torr x11, x11, x12\n\tcbnz x11, 2f\n\t"
    "str x9, [x9, x10]\n\t"
    "mov x19, #3\n\tmov x0, #0\n\tmov x8, #214\n\tsvc #0\n\tcbz x0, 2f\n\t"
    "add x0, x0, #16, lsl #12\n\tmov x21, x0\n\tmov x8, #214\n\tsvc #0\n\tcmp x0, x21\n\tb.ne 2f\n\t"
    "mov x19, #4\n\tldr x11, [x21, #-8]\n\tcbnz x11, 2f\n\tstr x9, [x21, #-8]\n\t"
    "mov x19, #42\n2:\tmov x0, x19\n\tmov x8, #94\n\tsvc #0\n\t.balign 8\n1:\t.quad 0x0123456789abcdef\nelf_code_end:\n\t.text");
#else
__asm__(".section .rodata\n\t.balign 8\nelf_code:\n\t"
        "leaq elf_code - 0x100(%rip), %r9\n\taddq $0x10200, %r9\n\t"
        "movl $1, %edi\n\tmovabsq $0x0123456789abcdef, %rax\n\tcmpq %rax, (%r9)\n\tjne 2f\n\t"
        "movl $2, %edi\n\tmovq 16(%r9), %rax\n\torq 0x2fff8(%r9), %rax\n\tjnz 2f\n\tmovq %r9, 0x2fff8(%r9)\n\t"
        "movl $12, %eax\n\txorl %edi, %edi\n\tsyscall\n\tmovl $3, %r15d\n\ttestq %rax, %rax\n\tjz 3f\n\t"
        "leaq 0x10000(%rax), %rdi\n\tmovq %rdi, %rbx\n\tmovl $12, %eax\n\tsyscall\n\tcmpq %rbx, %rax\n\tjne 3f\n\t"
        "movl $4, %r15d\n\tcmpq $0, -8(%rbx)\n\tjne 3f\n\tmovq %r9, -8(%rbx)\n\tmovl $42, %r15d\n"
        "3:\tmovl %r15d, %edi\n2:\tmovl $231, %eax\n\tsyscall\nelf_code_end:\n\t.text");
#endif
extern const uint8_t elf_code[], elf_code_end[];

enum { ET_EXEC = 2, ET_DYN = 3, PT_LOAD = 1, PT_GNU_STACK = 0x6474e551 };

struct program_header {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

struct elf_file {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
    struct program_header headers[3];
    uint8_t pad[0x100 - 64 - 3 * sizeof(struct program_header)];
    uint8_t code[0x100];
    uint64_t data[2];
};
static_assert(offsetof(struct elf_file, code) == 0x100 && offsetof(struct elf_file, data) == 0x200);

static void run_elf(const char *what, uint16_t type, uint64_t base)
{
    static struct elf_file file = {
        .ident = {0x7f, 'E', 'L', 'F', 2, 1, 1},
        .machine = ELF_MACHINE,
        .version = 1,
        .phoff = 64,
        .ehsize = 64,
        .phentsize = sizeof(struct program_header),
        .phnum = 3,
        .data = {0x0123456789abcdef, 1},
    };
    file.type = type;
    file.entry = base + 0x100;
    file.headers[0] = (struct program_header){PT_LOAD, 5, 0, base, base, 0x200, 0x200, 0x10000};
    file.headers[1] = (struct program_header){PT_LOAD, 6, 0x200, base + 0x10200, base + 0x10200, 16, 0x30000, 0x10000};
    file.headers[2] = (struct program_header){.type = PT_GNU_STACK, .flags = 6, .align = 16};
    memcpy(file.code, elf_code, (size_t)(elf_code_end - elf_code));
    const char *path = scratch("program");
    int fd = (int)expect_success("open", sys_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700));
    EXPECT(write_all(fd, &file, sizeof file), "a program of 528 bytes can be written", "write failed");
    sys_close(fd);
    int status = wait_status(spawn(path, "", (const char *const[]){"program", nullptr}, -1));
    if (status == 3 << 8 && type == ET_DYN) { // C libraries fall back to mmap
        note("limit-pie-heap: brk(2) cannot grow the heap of a position-independent static program");
        return;
    }
    expect_exit(what, status, 42);
}

PROBE("exec.static-pie", "a position-independent static program is loaded anywhere, with its data, .bss and heap",
      "ldconfig of newer distributions dies of signal 11", "https://github.com/tonistiigi/binfmt/issues/245")
{
    run_elf("the position-independent program", ET_DYN, 0);
}

PROBE("exec.fixed-address", "a program linked to 0x400000, where GNU ld puts them, gets that address",
      "the emulator itself sits there: mmap fails, or signal 11", "https://github.com/moby/moby/issues/43039")
{
    run_elf("the program at 0x400000", ET_EXEC, 0x400000);
}

PROBE("exec.low-address", "a program linked to 0x10000, where Go puts arm64 programs, gets that address",
      "Unable to find a guest_base: every Go program fails where vm.mmap_min_addr is high",
      "https://github.com/raspberrypi/piserver/issues/146")
{
    run_elf("the program at 0x10000", ET_EXEC, 0x10000);
}
