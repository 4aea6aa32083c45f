#include "programs.h"
#include "run.h"

enum { MOST_ARGUMENTS = 16, MOST_VARIABLES = 256, MOST_OUTPUT = 16 << 10 };

static void use_file(const char *name, int flags, int as)
{
    int fd = (int)expect_success("open(a file of the scratch directory)",
                                 sys_open(scratch(name), flags | O_CREAT, 0600));
    if (fd != as) {
        expect_success("dup3", sys_dup3(fd, as, 0));
        sys_close(fd);
    }
}

// In a process of its own. Output goes to files: no pipe can fill up, and nobody that the program leaves behind keeps
// one open.
[[noreturn]] static void execute(char *command)
{
    static char nonce[96], directories[2][600];
    const char *argv[MOST_ARGUMENTS + 1] = {command};
    const char *envp[MOST_VARIABLES + 1] = {nonce, directories[0], directories[1],
                                            "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
    static const char *const own[] = {"ASSAY_NONCE=", "TMPDIR=", "HOME=", "PATH="};
    size_t arguments = 1, variables = sizeof own / sizeof *own;
    const char *work = scratch("work");
    expect_success("mkdir(work)", sys3(SYS_mkdirat, AT_FDCWD, (long)work, 0700));
    format(nonce, sizeof nonce, "ASSAY_NONCE=%s", started.nonce);
    format(directories[0], sizeof directories[0], "TMPDIR=%s", work);
    format(directories[1], sizeof directories[1], "HOME=%s", work);
    for (char *next = cut(command, ' '); next && arguments < MOST_ARGUMENTS; next = cut(next, ' '))
        argv[arguments++] = next;
    for (char **at = started.envp; *at && variables < MOST_VARIABLES; at++) { // the others may configure the emulator
        bool replaced = false;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            replaced |= starts_with(*at, own[i]);
        if (!replaced)
            envp[variables++] = *at;
    }
    use_file("input", O_RDONLY, 0);
    use_file("output", O_WRONLY | O_APPEND, 1);
    use_file("errors", O_WRONLY | O_APPEND, 2);
    expect_success("chdir(work)", sys1(SYS_chdir, (long)work));
    // What our caller ignores (nohup: SIGHUP), a shell could neither trap nor have its children die of.
    struct sigaction standard = {};
    for (int signal = 1; signal <= 64; signal++)
        sys_sigaction(signal, &standard, nullptr); // not KILL and STOP, which refuse
    long error = sys_execve(argv[0], argv, envp);
    fail("the program can be executed", "execve(%s): %s", argv[0], error_name(error));
}

static char *read_file(const char *name, char *text, size_t capacity)
{
    long fd = sys_open(scratch(name), O_RDONLY | O_CLOEXEC, 0), size = 0;
    if (fd >= 0) {
        size = read_all((int)fd, text, capacity - 1);
        sys_close((int)fd);
    }
    text[size > 0 ? size : 0] = 0;
    return text;
}

static char *last_line(char *text)
{
    char *last = text;
    for (char *line = text; line; line = cut(line, '\n'))
        if (*line)
            last = line;
    return last;
}

// The nonce backwards: nothing that merely repeats its environment prints that.
static bool is_answer(const char *text)
{
    size_t length = strlen(started.nonce);
    if (strlen(text) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] != started.nonce[length - 1 - i])
            return false;
    return true;
}

static void judge(char *text, const char *said, int status)
{
    enum { EXPECTED, SEEN, NOTE, SKIP, DONE, KEYS };
    static const char *const keys[KEYS] = {"expected: ", "seen: ", "note: ", "skip: ", "done: "};
    const char *values[KEYS] = {};
    for (char *line = text; line;) {
        char *next = cut(line, '\n');
        for (size_t key = 0; key < KEYS; key++)
            if (starts_with(line, keys[key]) && (!values[key] || key == DONE))
                values[key] = line + strlen(keys[key]);
        line = next;
    }
    if (!values[DONE] || !is_answer(values[DONE]))
        fail("exit status 0, and the nonce backwards as the answer", "exit status %d, %s; standard error: %s", status,
             values[DONE] ? "another answer" : "no answer", *said ? said : "nothing");
    if (values[EXPECTED] || values[SEEN])
        fail(values[EXPECTED] ? values[EXPECTED] : "another value", "%s", values[SEEN] ? values[SEEN] : "nothing");
    if (status != 0)
        fail("exit status 0", "exit status %d; standard error: %s", status, *said ? said : "nothing");
    if (values[SKIP])
        skip("%s", values[SKIP]);
    if (values[NOTE])
        note("%s", values[NOTE]);
}

void run_program(void)
{
    static char output[MOST_OUTPUT], errors[MOST_OUTPUT];
    scratch("input"); // makes the directory, for both processes
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0)
        execute(program_command(current_probe()));
    int status = wait_status(pid), signal = status & 0x7f;
    if (signal) { // end likewise, for our parent to see
        struct sigaction standard = {};
        sys_sigaction(signal, &standard, nullptr);
        sys_kill((int)sys_getpid(), signal);
    }
    judge(read_file("output", output, sizeof output), last_line(read_file("errors", errors, sizeof errors)),
          status >> 8 & 0xff);
}
