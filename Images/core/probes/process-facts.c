// What processes learn of themselves and of each other: ids, priorities, statuses, and /proc/self as emulators forge
// it.
#include "../probe.h"

PROBE("process.wait-status",
      "a status tells every exit code, every signal and whether core was dumped; wait4 tells whose it is",
      "make and dpkg take a crash for an error, or the reverse", "")
{
    static const int codes[] = {0, 1, 2, 77, 127, 128, 139, 255};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        int pid = (int)expect_success("fork", sys_fork());
        if (pid == 0)
            sys_exit(codes[i]);
        expect_equal("status of an exit", (uint64_t)wait_status(pid), (uint64_t)codes[i] << 8);
    }
    static const int signals[] = {SIGHUP,  SIGINT,  SIGPIPE,  SIGALRM, SIGTERM, SIGUSR1,
                                  SIGUSR2, SIGKILL, SIGRTMIN, 24,      26,      29};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        int pid = (int)expect_success("fork", sys_fork());
        if (pid == 0) {
            sys_sigaction(signals[i], &(struct sigaction){}, nullptr);
            sys_sigmask(SIG_SETMASK, &(uint64_t){0}, nullptr);
            sys4(SYS_prlimit64, 0, 4, (long)&(uint64_t[2]){0, 0}, 0); // no core
            sys_kill((int)sys_getpid(), signals[i]);
            sys_exit(1);
        }
        expect_equal("status of a signal", (uint64_t)wait_status(pid) & 0x7f, (uint64_t)signals[i]);
    }
    // Whether core is dumped is the host's to allow; both ways of asking say the same.
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0)
        sys_exit(9);
    struct siginfo info = {};
    expect_success("waitid(WNOWAIT)", sys5(SYS_waitid, P_PID, pid, (long)&info, WEXITED | WNOWAIT, 0));
    expect_number("si_pid", info.pid, pid);
    expect_number("si_uid", info.uid, sys0(SYS_getuid));
    expect_number("si_status", info.status, 9);
    expect_equal("status", (uint64_t)wait_status(pid), 0x900);
    expect_error("wait4 with an option that does not exist", sys4(SYS_wait4, -1, 0, 0x10000, 0), EINVAL);
}

PROBE("process.priorities",
      "getpriority(2) tells -20 to 19 as 40 to 1, for each number that setpriority(2) sets, and scheduling calls agree",
      "nice and ionice of build tools do not work", "")
{
    int64_t now = 20 - sys2(SYS_getpriority, 0, 0);
    EXPECT(now >= -20 && now <= 19, "-20 <= priority <= 19", "%jd", now);
    for (int64_t nice = now; nice <= 19; nice += 3) {
        expect_success("setpriority", sys3(SYS_setpriority, 0, 0, nice));
        expect_number("getpriority", sys2(SYS_getpriority, 0, 0), 20 - nice);
        now = nice;
    }
    expect_error("getpriority of nobody", sys2(SYS_getpriority, 0, 1 << 22), ESRCH);
    expect_number("sched_getscheduler", sys1(SYS_sched_getscheduler, 0), 0);
    int priority = -1;
    expect_success("sched_getparam", sys2(SYS_sched_getparam, 0, (long)&priority));
    expect_number("its priority", priority, 0);
    expect_success("sched_setparam", sys2(SYS_sched_setparam, 0, (long)&priority));
    expect_success("sched_setscheduler(SCHED_BATCH)", sys3(SYS_sched_setscheduler, 0, 3, (long)&priority));
    expect_number("sched_getscheduler", sys1(SYS_sched_getscheduler, 0), 3);
    expect_number("sched_get_priority_max(SCHED_RR)", sys1(SYS_sched_get_priority_max, 2), 99);
    expect_number("sched_get_priority_min(SCHED_RR)", sys1(SYS_sched_get_priority_min, 2), 1);
    expect_number("sched_get_priority_max(SCHED_OTHER)", sys1(SYS_sched_get_priority_max, 0), 0);
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
        uint32_t least, most;
    } attributes = {};
    expect_success("sched_getattr", sys4(SYS_sched_getattr, 0, (long)&attributes, sizeof attributes, 0));
    expect_number("its policy", attributes.policy, 3);
    expect_number("its nice", attributes.nice, now);
    EXPECT(attributes.size >= 48, "its size", "%u", attributes.size);
    attributes.policy = 0;
    attributes.size = 48;
    expect_success("sched_setattr", sys3(SYS_sched_setattr, 0, (long)&attributes, 0));
    expect_number("sched_getscheduler", sys1(SYS_sched_getscheduler, 0), 0);
    static uint64_t mask[1024];
    long size = expect_success("sched_getaffinity", sys3(SYS_sched_getaffinity, 0, sizeof mask, (long)mask));
    EXPECT(size <= 1024, "the size of the kernel's mask, not of the buffer", "%ld", size);
    struct timespec slice = {-1, -1};
    expect_success("sched_rr_get_interval", sys2(SYS_sched_rr_get_interval, 0, (long)&slice));
    EXPECT(slice.seconds == 0 && slice.nanoseconds >= 0 && slice.nanoseconds < 1'000'000'000, "less than a second",
           "%jd s, %jd ns", slice.seconds, slice.nanoseconds);
}

PROBE(
    "process.ids",
    "real, effective and saved ids are told apart, groups are listed, and a child moves to its own group or another's",
    "sudo, su and job control go wrong", "")
{
    uint32_t ids[3] = {1, 2, 3};
    for (int group = 0; group < 2; group++) {
        long real = sys0(group ? SYS_getgid : SYS_getuid), effective = sys0(group ? SYS_getegid : SYS_geteuid);
        expect_success("getresuid",
                       sys3(group ? SYS_getresgid : SYS_getresuid, (long)&ids[0], (long)&ids[1], (long)&ids[2]));
        expect_number("real id", ids[0], real);
        expect_number("effective id", ids[1], effective);
        expect_number("saved id", ids[2], effective);
        expect_number("setfsuid of nobody tells the id", sys1(group ? SYS_setfsgid : SYS_setfsuid, -1), effective);
        expect_success("setreuid(-1, -1)", sys2(group ? SYS_setregid : SYS_setreuid, -1, -1));
        expect_success("setresuid(-1, -1, -1)", sys3(group ? SYS_setresgid : SYS_setresuid, -1, -1, -1));
    }
    uint32_t groups[64] = {};
    long count = expect_success("getgroups", sys2(SYS_getgroups, 0, 0));
    if (count <= 64)
        expect_number("getgroups", sys2(SYS_getgroups, 64, (long)groups), count);
    if (count > 1)
        expect_error("getgroups into too few", sys2(SYS_getgroups, 1, (long)groups), EINVAL);
    int ends[2];
    expect_success("pipe2", sys_pipe(ends, 0));
    int leader = (int)expect_success("fork", sys_fork());
    if (leader == 0) {
        char byte;
        sys_close(ends[1]);
        sys_read(ends[0], &byte, 1);
        sys_exit(0);
    }
    expect_success("setpgid", sys2(SYS_setpgid, leader, leader));
    int second = (int)expect_success("fork", sys_fork());
    if (second == 0) {
        char byte;
        sys_close(ends[1]);
        sys_read(ends[0], &byte, 1);
        sys_exit(0);
    }
    expect_success("setpgid into another's group", sys2(SYS_setpgid, second, leader));
    expect_number("getpgid", sys1(SYS_getpgid, second), leader);
    expect_number("getpgid of the leader", sys1(SYS_getpgid, leader), leader);
    expect_number("getsid of both", sys1(SYS_getsid, second), sys1(SYS_getsid, 0));
    int status = 0;
    sys_kill(-leader, SIGTERM);
    for (int i = 0; i < 2; i++)
        EXPECT(sys_wait(-leader, &status, 0) > 0, "wait4 for the group", "nobody");
    expect_error("wait4 for a group of nobody", sys_wait(-leader, &status, 0), ECHILD);
    expect_error("setpgid of nobody", sys2(SYS_setpgid, leader, leader), ESRCH);
}

static long slurp(const char *path, char *text, size_t capacity)
{
    int fd = (int)sys_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd == -ENOENT)
        skip("no /proc here");
    expect_success(path, fd);
    long size = expect_success("read", read_all(fd, text, capacity - 1));
    text[size] = 0;
    sys_close(fd);
    return size;
}

CHILD_PROGRAM(self_files)
{
    static char text[65536], seen[4096];
    if (argc != 4)
        return 9;
    long size = slurp("/proc/self/cmdline", text, sizeof text), at = 0;
    for (int i = 0; i < argc; i++) {
        expect_text("an argument in /proc/self/cmdline", at < size ? text + at : "(end)", argv[i]);
        at += (long)strlen(argv[i]) + 1;
    }
    expect_number("size of /proc/self/cmdline", size, at);
    char path[64];
    format(path, sizeof path, "/proc/%ld/cmdline", sys_getpid());
    expect_number("size of /proc/PID/cmdline", slurp(path, seen, sizeof seen), size);
    expect_bytes("/proc/PID/cmdline", seen, text, (size_t)size);
    // /proc/self/stat: pid (name) state ppid …
    slurp("/proc/self/stat", text, sizeof text);
    const char *next = text;
    expect_number("pid in /proc/self/stat", (int64_t)parse_decimal(&next), sys_getpid());
    const char *end = text;
    for (const char *c = text; *c; c++)
        if (*c == ')')
            end = c;
    next = end + 4;
    expect_number("parent in /proc/self/stat", (int64_t)parse_decimal(&next), sys0(SYS_getppid));
    // /proc/self/auxv as on the stack.
    size = slurp("/proc/self/auxv", text, sizeof text);
    size_t used = 0;
    while (started.auxv[used].type != AT_NULL)
        used++;
    EXPECT(size >= (long)(used * sizeof *started.auxv), "/proc/self/auxv has all entries", "%ld bytes", size);
    expect_bytes("/proc/self/auxv", text, started.auxv, used * sizeof *started.auxv);
    // The file behind /proc/self/exe is this program: an ELF file of this machine.
    int fd = (int)expect_success("open(/proc/self/exe)", sys_open("/proc/self/exe", O_RDONLY | O_CLOEXEC, 0));
    uint16_t header[10]; // the tenth is e_machine
    expect_number("read", sys_read(fd, header, sizeof header), sizeof header);
    expect_number("e_machine of /proc/self/exe", header[9], ELF_MACHINE);
    struct stat a = {}, b = {};
    expect_success("fstat", sys2(SYS_fstat, fd, (long)&a));
    expect_success("stat", sys4(SYS_newfstatat, AT_FDCWD, (long)argv[3], (long)&b, 0));
    expect_number("inode of /proc/self/exe", (int64_t)a.st_ino, (int64_t)b.st_ino);
    expect_success("stat(/proc/self/exe)", sys4(SYS_newfstatat, AT_FDCWD, (long)"/proc/self/exe", (long)&a, 0));
    long length =
        expect_success("readlink", sys4(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)seen, sizeof seen));
    expect_number("readlink of /proc/self/exe into 5 bytes",
                  sys4(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path, 5), 5);
    expect_bytes("its start", path, seen, 5);
    EXPECT(length > 1 && seen[0] == '/', "an absolute path", "%ld bytes", length);
    char own[64];
    format(own, sizeof own, "/proc/%ld/exe", sys_getpid());
    expect_number("readlink of /proc/PID/exe",
                  sys4(SYS_readlinkat, AT_FDCWD, (long)own, (long)text, sizeof text), length);
    expect_bytes("/proc/PID/exe", text, seen, (size_t)length);
    // The map of the stack has its name.
    size = slurp("/proc/self/maps", text, sizeof text);
    bool named = false;
    for (long i = 0; i < size; i++)
        named |= starts_with(text + i, "[stack]");
    EXPECT(named, "/proc/self/maps names [stack]", "it does not");
    return 0;
}

PROBE("process.self-files", "/proc/self/cmdline, stat, auxv, exe and maps are this program's, whole",
      "pgrep, Java and Go take the emulator's arguments and files for their own", "")
{
    if (sys_open("/proc/self/stat", O_RDONLY | O_CLOEXEC, 0) < 0)
        skip("no /proc here");
    static char text[64];
    slurp("/proc/self/maps", text, sizeof text);
    const char *const argv[] = {"assay self files", "", "last one", started.self, nullptr};
    expect_exit("the program", wait_status(spawn(started.self, "self_files", argv, -1)), 0);
}
