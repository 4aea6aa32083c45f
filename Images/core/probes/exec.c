// Programs executing programs: what a handler and its interpreter do with path, arguments and file.
#include "../probe.h"

struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    unsigned long entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

extern const struct elf_header __ehdr_start; // by the linker
extern const char _start[];

static uint64_t initialised = 0x0123456789abcdef;
static uint64_t zeroed[512];

PROBE("exec.static",
      "a static program is loaded: headers, entry, initialised and zeroed data, arguments, auxiliary vector",
      "exec format error: no handler takes such programs, or its interpreter cannot load them",
      "https://github.com/fkrull/docker-qemu-user-static/issues/1")
{
    const struct elf_header *elf = &__ehdr_start;
    static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', ELF_CLASS, ELF_DATA, 1};
    expect_bytes("ELF identification", elf->ident, ident, sizeof ident);
    expect_number("e_machine in memory", elf->machine, ELF_MACHINE);
    expect_equal("AT_ENTRY", auxv_value(AT_ENTRY), (uintptr_t)_start);
    expect_equal("AT_PHDR", auxv_value(AT_PHDR), (uintptr_t)elf + elf->phoff);
    expect_number("AT_PHNUM", (int64_t)auxv_value(AT_PHNUM), elf->phnum);
    expect_number("AT_PHENT", (int64_t)auxv_value(AT_PHENT), elf->phentsize);
    uint64_t data;
    __asm__ volatile("" : "=r"(data) : "0"(*(volatile uint64_t *)&initialised));
    expect_equal(".data word", data, 0x0123456789abcdef);
    for (size_t i = 0; i < sizeof zeroed / sizeof *zeroed; i++)
        expect_equal(".bss word", ((volatile uint64_t *)zeroed)[i], 0);
    expect_number("stack alignment at entry", (uintptr_t)started.stack % 16, 0);
    EXPECT(started.stack[0] >= 1 && started.argv[started.stack[0]] == nullptr, "argc and the end of argv agree",
           "argc %ld", started.stack[0]);
    EXPECT(auxv_has(AT_RANDOM) && auxv_value(AT_RANDOM) != 0, "AT_RANDOM points to 16 bytes", "no AT_RANDOM");
}

// Prints its arguments, each followed by a line feed.
CHILD_PROGRAM(arguments)
{
    char text[2048];
    size_t size = 0;
    for (int i = 0; i < argc; i++)
        size += format(text + size, sizeof text - size, "%s\n", argv[i]);
    return write_all(1, text, size) ? 0 : 74;
}

static void run_for_output(const char *path, const char *mode, const char *const argv[], char *text, size_t capacity)
{
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, O_CLOEXEC));
    int pid = spawn(path, mode, argv, ends[1]);
    sys_close(ends[1]);
    long size = expect_success("read", read_all(ends[0], text, capacity - 1));
    sys_close(ends[0]);
    text[size] = 0;
    expect_exit("the executed program", wait_status(pid), 0);
}

static void expect_lines(const char *seen, const char *expected)
{
    if (same(seen, expected))
        return;
    char shown[200], wanted[200];
    format(shown, sizeof shown, "%s", seen);
    format(wanted, sizeof wanted, "%s", expected);
    for (char *at = shown; *at; at++)
        *at = *at == '\n' ? '|' : *at;
    for (char *at = wanted; *at; at++)
        *at = *at == '\n' ? '|' : *at;
    fail(wanted, "%s", shown);
}

PROBE("exec.argv0", "a program started under a name that is not its path sees that name, and its arguments unchanged",
      "multi-call programs and re-executing tests break: P flag of the handler and its interpreter disagree",
      "https://github.com/golang/go/issues/67355")
{
    char seen[2048];
    run_for_output(started.self, "arguments",
                   (const char *const[]){"assay-name", "one", "two words", "", "--last", nullptr}, seen, sizeof seen);
    if (same(seen, "assay-name\none\ntwo words\n\n--last\n"))
        return;
    char rewritten[2048];
    format(rewritten, sizeof rewritten, "%s\none\ntwo words\n\n--last\n", started.self);
    if (!same(seen, rewritten))
        expect_lines(seen, "assay-name\none\ntwo words\n\n--last\n");
    note("argv0-rewritten: argv[0] is the path '%s', not 'assay-name': the handler has no P flag", started.self);
}

// Executes itself twice. Each program computes with the value that it was given, and the last one prints it. The value
// and the count are passed in the environment, so that only exec.argv0 and exec.script depend on how a handler passes
// arguments.
CHILD_PROGRAM(chain)
{
    const char *at = started.child_data;
    uint64_t left = parse_decimal(&at), value = parse_decimal(&at) * 3 + 1;
    char next[64];
    if (left == 0) {
        format(next, sizeof next, "%ju", value);
        return write_all(1, next, strlen(next)) ? 0 : 74;
    }
    format(next, sizeof next, "chain:%ju,%ju", left - 1, value);
    return (int)-become(started.self, next, (const char *const[]){"chain", "link", nullptr});
}

PROBE("exec.chain", "a program executes another of the same machine, and that one a third: values pass through",
      "a shell starts, but whatever it runs does not: the first program was started by hand or by an embedded emulator",
      "https://github.com/docker/buildx/issues/1405")
{
    char seen[64], first[64], expected[24];
    uint64_t value = (uint64_t)sys_getpid();
    format(first, sizeof first, "chain:1,%ju", value);
    format(expected, sizeof expected, "%ju", (value * 3 + 1) * 3 + 1);
    run_for_output(started.self, first, (const char *const[]){"chain", "link", nullptr}, seen, sizeof seen);
    expect_text("value after two more programs", seen, expected);
}

PROBE("exec.script", "a #! script whose interpreter is a program of this machine runs, with its path and arguments",
      "package maintainer scripts fail with exec format error or see shifted arguments",
      "https://github.com/docker/buildx/issues/499")
{
    const char *path = scratch("script");
    char line[600];
    size_t size = format(line, sizeof line, "#!%s first-option\n", started.self);
    const char *blank = started.self;
    while ((unsigned char)*blank > ' ')
        blank++;
    if (size > 250 || *blank)
        skip("the path of this program is no word of a #! line");
    int fd = (int)expect_success("open(script)", sys_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700));
    EXPECT(write_all(fd, line, size), "the script can be written", "write failed");
    sys_close(fd);
    char seen[2048], expected[2048];
    run_for_output(path, "arguments", (const char *const[]){"script-name", "one", "two words", nullptr}, seen,
                   sizeof seen);
    const char *rest = seen; // the first line is argv[0] of the interpreter: its path, whatever the handler's flags
    while (*rest && *rest != '\n')
        rest++;
    format(expected, sizeof expected, "\nfirst-option\n%s\none\ntwo words\n", path);
    expect_lines(rest, expected);
}
