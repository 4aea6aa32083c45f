// assay-probe: selection of probes, and the one program's other lives as a child of a probe. See README.md.
#include "programs.h"
#include "run.h"

struct start started;

bool auxv_has(uint64_t type)
{
    for (const struct auxv *at = started.auxv; at->type != AT_NULL; at++)
        if (at->type == type)
            return true;
    return false;
}

uint64_t auxv_value(uint64_t type)
{
    for (const struct auxv *at = started.auxv; at->type != AT_NULL; at++)
        if (at->type == type)
            return at->value;
    return 0;
}

uint64_t patience_ns(void) { return (uint64_t)started.timeout_ms * 750'000; }

void expect_soon(uint64_t waited_ns)
{
    while (waited_ns >= patience_ns())
        sleep_us(100'000);
}

struct timespec patience(void)
{
    return (struct timespec){(int64_t)(patience_ns() / 1'000'000'000), (int64_t)(patience_ns() % 1'000'000'000)};
}

[[noreturn, gnu::format(printf, 1, 2)]] static void usage(const char *pattern, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, pattern);
    format_list(text, sizeof text, pattern, arguments);
    va_end(arguments);
    char line[768];
    size_t size = format(line, sizeof line, "assay-probe: %s\n", text);
    write_all(2, line, size);
    sys_exit(64);
}

static const char *environment(const char *name)
{
    size_t length = strlen(name);
    for (char **at = started.envp; *at; at++)
        if (starts_with(*at, name) && (*at)[length] == '=')
            return *at + length + 1;
    return nullptr;
}

static const struct probe *find(const char *name)
{
    for (const struct probe *probe = catalogue.first; probe < catalogue.end; probe++)
        if (same(probe->name, name))
            return probe;
    // What an image has a table for, it also has this program for: build steps ask for its own probes there.
    for (const struct probe *probe = __start_probes; probe < __stop_probes; probe++)
        if (same(probe->name, name))
            return probe;
    return nullptr;
}

static void check_nonce(void)
{
    size_t length = 0;
    if (!started.nonce)
        usage("no nonce: give --nonce HEX or set ASSAY_NONCE");
    for (const char *at = started.nonce; *at; at++, length++)
        if (!((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f')))
            usage("nonce '%s' is not lower-case hexadecimal", started.nonce);
    if (length < 1 || length > 64)
        usage("nonce has %zu digits, not 1 to 64", length);
}

static uint32_t parse_number(const char *option, const char *text, uint32_t most)
{
    uint64_t value = 0;
    for (const char *at = text; *at; at++) {
        if (*at < '0' || *at > '9')
            value = most; // and so too much
        value = value * 10 + (uint64_t)(*at - '0');
        if (value > most)
            break;
    }
    if (value == 0 || value > most)
        usage("%s needs a number from 1 to %u, not '%s'", option, most, text);
    return (uint32_t)value;
}

// Where the caller's own arguments begin. A handler whose P flag and interpreter disagree shifts them by one
// (exec.argv0 judges that); to report it, this program must still understand what it was asked.
static int first_argument(int argc, char **argv)
{
    const char *path = (const char *)auxv_value(AT_EXECFN);
    // With P the kernel passes argv[0] after the path. An emulator that does not know makes it the first argument.
    if (argc > 1 && ((path && same(argv[1], path)) || same(argv[1], "assay-probe"))) {
        started.shift = "extra";
        return 2;
    }
    // One that expects P, and does not get it, takes the first argument for argv[0].
    if (argc > 0 && (starts_with(argv[0], "--") || find(argv[0]))) {
        started.shift = "lost";
        return 0;
    }
    return 1;
}

// For callers that cannot keep standard output, such as a builder's RUN step: results go to a file, which must not
// exist yet.
static void redirect_output(const char *path)
{
    long fd = sys_open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (fd < 0)
        usage("--output %s: cannot be created (%s)", path, error_name(fd));
    if (fd != 1) { // it is 1 where standard output was closed
        sys_dup3((int)fd, 1, 0);
        sys_close((int)fd);
    }
}

struct selection {
    size_t count;
    const struct probe *probes[MOST_PROBES];
};

static void parse(int argc, char **argv, struct selection *selection)
{
    bool all = false;
    for (int i = first_argument(argc, argv); i < argc; i++) {
        const char *argument = argv[i];
        if (same(argument, "--all")) {
            all = true;
        } else if (same(argument, "--catalogue")) {
            print_catalogue();
            sys_exit(0);
        } else if (starts_with(argument, "--")) {
            if (i + 1 >= argc)
                usage("%s: unknown, or without its value", argument);
            const char *value = argv[++i];
            if (same(argument, "--nonce"))
                started.nonce = value;
            else if (same(argument, "--scratch"))
                started.scratch_root = value;
            else if (same(argument, "--self"))
                started.self = value;
            else if (same(argument, "--output"))
                redirect_output(value);
            else if (same(argument, "--timeout-ms"))
                started.timeout_ms = parse_number(argument, value, 100'000'000);
            else if (same(argument, "--scale"))
                started.scale = parse_number(argument, value, MOST_SCALE);
            else if (same(argument, "--jobs"))
                started.jobs = parse_number(argument, value, MOST_JOBS);
            else
                usage("%s: no such option", argument);
        } else {
            const struct probe *probe = find(argument);
            if (!probe)
                usage("no probe is called '%s'", argument);
            if (selection->count == MOST_PROBES)
                usage("more than %zu probes asked for", selection->count);
            selection->probes[selection->count++] = probe;
        }
    }
    if (all && selection->count > 0)
        usage("--all and probe names exclude each other");
    if (all)
        for (const struct probe *probe = catalogue.first; probe < catalogue.end; probe++)
            selection->probes[selection->count++] = probe;
    if (selection->count == 0)
        usage("name one or more probes, or --all, or --catalogue");
    if (strlen(started.scratch_root) > 400)
        usage("--scratch is longer than 400 bytes");
}

// Descriptors 0, 1 and 2 may be closed, and /dev empty; what is opened later must not become one of them.
static void occupy_standard_descriptors(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (sys_fcntl(fd, F_GETFD, 0) == -EBADF)
            sys_open("/", O_RDONLY | O_DIRECTORY, 0);
}

static int run_selection(const struct selection *selection)
{
    occupy_standard_descriptors();
    uint64_t none = 0;
    sys_sigmask(SIG_SETMASK, &none, nullptr);
    struct sigaction standard = {};
    sys_sigaction(SIGCHLD, &standard, nullptr);
    sys2(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1); // a probe's orphans come to us, whoever is pid 1
    const uint64_t no_core[2] = {0, 0};         // some probes end by a signal on purpose
    sys4(SYS_prlimit64, 0, 4 /* RLIMIT_CORE */, (long)no_core, 0);
    tap_header(selection->count);
    if (selection->count > 8)
        warm_up();
    return run_probes(selection->probes, selection->count, started.jobs) ? 0 : 1;
}

// `mode` is "NAME" or "NAME:data". Comes back where there is no such child program.
static void become_child(const char *mode, int argc)
{
    for (const struct child_program *at = __start_children; at < __stop_children; at++) {
        size_t length = strlen(at->name);
        if (starts_with(mode, at->name) && (mode[length] == 0 || mode[length] == ':')) {
            started.child_data = mode[length] ? mode + length + 1 : "";
            sys_exit(at->run(argc, started.argv, started.envp));
        }
    }
}

__asm__(".globl _start\n_start:\n\t" ENTER("start"));

// Called by _start with the stack as the kernel left it: argc, argv, 0, envp, 0, auxv.
[[noreturn, gnu::used]] void start(long *stack)
{
    int argc = (int)stack[0];
    started.stack = stack;
    started.argv = (char **)(stack + 1);
    started.envp = started.argv + argc + 1;
    char **end = started.envp;
    while (*end)
        end++;
    started.auxv = (const struct auxv *)(end + 1);
    started.self = (const char *)auxv_value(AT_EXECFN);
    const char *child = environment("ASSAY_CHILD");
    if (child)
        become_child(child, argc);
    started.nonce = environment("ASSAY_NONCE");
    started.scratch_root = "/tmp";
    started.timeout_ms = 2000;
    started.jobs = 1;
    started.scale = 1;
    const char *wrong = load_programs();
    if (wrong)
        usage("/usr/share/assay/programs of this image: %s", wrong);
    static struct selection selection;
    parse(argc, started.argv, &selection);
    check_nonce();
    if (!started.self)
        usage("the kernel gave no AT_EXECFN; say --self");
    sys_exit(run_selection(&selection));
}
