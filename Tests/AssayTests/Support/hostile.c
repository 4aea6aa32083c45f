// A program that means harm: registered as the handler of AArch64 programs, or the entrypoint of an image. What it does is
// written behind its own last byte, "deed: WORD", for no file beside it is seen in a container; else it is its last argument.
// All that it starts ends by itself after a minute: a test that fails leaves nothing for long.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *nonce = "";

static void say(const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        ssize_t count = write(1, text, left);
        if (count < 0)
            _exit(1);
        text += count;
        left -= (size_t)count;
    }
}

[[noreturn]] static void linger(void)
{
    for (;;)
        pause();
}

// As Images/core/README.md has it.
static uint64_t proof_of(const char *of, const char *name, const char *machine)
{
    const char *parts[] = {of, name, "ok", machine, ""};
    uint64_t hash = 0xcbf29ce484222325;
    for (int i = 0; i < 5; i++) {
        if (i > 0)
            hash *= 0x100000001b3;
        for (const char *at = parts[i]; *at; at++)
            hash = (hash ^ (unsigned char)*at) * 0x100000001b3;
    }
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
    return hash ^ hash >> 33;
}

static void result(const char *of, const char *name, const char *machine)
{
    char text[512];
    snprintf(text, sizeof text, "ok 1 - %s\n  ---\n  nonce: %s\n  proof: %016llx\n  ...\n", name, of,
             (unsigned long long)proof_of(of, name, machine));
    say(text);
}

static void plan(void) { say("TAP version 14\n# assay.probe/1 image=core machine=aarch64\n1..1\n"); }

static void repeat(const char *text, int descriptor)
{
    for (;;)
        if (write(descriptor, text, strlen(text)) < 0 && errno != EAGAIN)
            _exit(1);
}

static void children(int count)
{
    for (int i = 0; i < count; i++)
        if (fork() == 0) {
            alarm(60);
            linger();
        }
}

// Runs on in one descendant after the other, each in a session of its own, so that whoever kills by number comes late.
static void run_away(void)
{
    time_t end = time(NULL) + 60;
    while (time(NULL) < end) {
        pid_t child = fork();
        if (child > 0)
            _exit(0);
        if (child == 0) {
            setsid();
            usleep(500);
        }
    }
    _exit(0);
}

static void detach(bool keeps_pipes)
{
    if (fork() == 0) {
        setsid();
        if (fork() != 0)
            _exit(0);
        alarm(60);
        for (int sig = 1; sig < 32; sig++)
            if (sig != SIGALRM)
                signal(sig, SIG_IGN);
        if (!keeps_pipes)
            for (int fd = 0; fd < 64; fd++)
                close(fd);
        linger();
    }
    _exit(0);
}

static void flood(size_t count, bool nuls)
{
    char block[4096];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = nuls ? 0 : (char)(i * 2654435761u >> 7);
    for (; count > 0; count -= sizeof block)
        if (write(1, block, sizeof block) < 0)
            _exit(1);
}

static void fill(void)
{
    static char block[1 << 20];
    memset(block, 'x', sizeof block);
    int file = open("/tmp/fill", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    // Unlinked at once: where there is no /tmp of its own, nothing stays.
    unlink("/tmp/fill");
    for (int i = 0; i < 256 && write(file, block, sizeof block) > 0; i++) {}
    linger();
}

// Of "list" all that there are.
static void act(const char *what)
{
    bool listing = strcmp(what, "list") == 0;
#define CASE(NAME, ...)                 \
    if (listing)                        \
        puts(NAME);                     \
    else if (strcmp(what, NAME) == 0) { \
        __VA_ARGS__;                    \
        _exit(0);                       \
    }
    // Says little.
    CASE("exits-at-once")
    CASE("exits-with-300-zeros", flood(4096, true))
    CASE("prints-a-plan-only", plan())
    CASE("prints-half-a-line", plan(); say("ok 1 - exec.sta"))
    CASE("prints-no-end-of-the-details", plan(); say("ok 1 - exec.static\n  ---\n  nonce: "); say(nonce))
    // Says what is not so.
    CASE("claims-without-proof", plan(); say("ok 1 - exec.static\n"))
    CASE("forges-a-proof", plan(); say("ok 1 - exec.static\n  ---\n  nonce: "); say(nonce); say("\n  proof: 0123456789abcdef\n  ...\n"))
    CASE("replays-an-old-proof", plan(); result("00112233445566778899aabbccddeeff", "exec.static", "aarch64"))
    CASE("proves-for-another-machine", plan(); result(nonce, "exec.static", "x86_64"))
    CASE("proves-what-was-not-asked", plan(); result(nonce, "exec.argv0", "aarch64"); result(nonce, "memory.brk", "aarch64"))
    CASE("plans-a-million", say("TAP version 14\n1..1000000\n"))
    CASE("skips-all", say("TAP version 14\n1..0 # SKIP nothing here\nok 1 - exec.static # SKIP not today\n"))
    CASE("bails-out", plan(); say("Bail out! enough\n"))
    CASE("contradicts-itself", plan(); say("not ok 1 - exec.static\n"); result(nonce, "exec.static", "aarch64"))
    CASE("steers-the-terminal", say("\033]0;owned\a\033[2J\033c::error::owned\n##[error]owned\n"); ioctl(0, TIOCSTI, "x"))
    // Says too much.
    CASE("prints-one-huge-line", flood(8 << 20, false))
    CASE("prints-nuls", plan(); flood(1 << 20, true); say("\nok 1 - exec.static\n"))
    CASE("prints-without-end", repeat("ok 1 - exec.static\n", 1))
    CASE("complains-without-end", repeat("no\n", 2))
    CASE("drips", for (int i = 0; i < 600; i++) { say("."); usleep(100000); })
    // Does not end.
    CASE("sleeps", alarm(60); linger())
    CASE("spins", alarm(60); for (volatile int i = 0;; i++) {})
    CASE("ignores-signals", alarm(60); for (int sig = 1; sig < 32; sig++) if (sig != SIGALRM) signal(sig, SIG_IGN); linger())
    CASE("stops-itself", raise(SIGSTOP))
    CASE("closes-everything", alarm(60); for (int fd = 0; fd < 1024; fd++) close(fd); linger())
    // Leaves something.
    CASE("forks", children(60); alarm(60); linger())
    CASE("forks-and-exits", children(60))
    CASE("runs-away", run_away())
    CASE("detaches", detach(false))
    CASE("holds-the-pipes", detach(true))
    CASE("leaves-zombies", for (int i = 0; i < 60; i++) if (fork() == 0) _exit(0); alarm(60); linger())
    CASE("fills-its-tmp", alarm(60); fill())
    // Turns on who watches it. Never its group or everybody: outside a pid namespace that is the host.
    CASE("kills-its-parent", children(3); kill(getppid(), SIGKILL); alarm(60); linger())
    CASE("stops-its-parent", children(3); kill(getppid(), SIGSTOP); alarm(60); linger())
    CASE("traces-its-parent", char line[64]; snprintf(line, sizeof line, "/proc/%d/mem", getppid()); int file = open(line, O_RDWR); if (file >= 0) say("opened\n"))
    if (listing)
        return;
    fprintf(stderr, "hostile: no such deed: %s\n", what);
    _exit(125);
}

int main(int argc, char **argv)
{
    char tail[129] = "", word[128] = "";
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (lseek(self, -128, SEEK_END) >= 0 && read(self, tail, 128) == 128 && memcmp(tail, "deed: ", 6) == 0)
        sscanf(tail, "deed: %127s", word);
    close(self);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--version") == 0) {
            puts("qemu-aarch64 version 7.2.22");
            return 0;
        }
        if (strcmp(argv[i], "--nonce") == 0 && i + 1 < argc)
            nonce = argv[i + 1];
    }
    act(word[0] ? word : argc > 1 ? argv[argc - 1] : "");
}
