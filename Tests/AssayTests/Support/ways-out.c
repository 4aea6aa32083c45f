// Tries to get out of where it runs: each way prints its name, and what stopped it. No way is harmful where it is open:
// files are opened and not written to, and calls that would change the host are given arguments that they refuse.
//   ways-out list
//   ways-out MARKER PID PORT SOCKET HOSTNAME   a file, a process, a TCP port, an abstract socket and the name of the host
// Freestanding, for AArch64 and x86-64.
typedef unsigned long word;

#if defined(__aarch64__)
#define N(amd64, arm64) arm64
static long call(long n, word a, word b, word c, word d, word e, word f) {
    register long x8 __asm__("x8") = n;
    register word x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c;
    register word x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return (long)x0;
}
__asm__(".globl _start\n_start: mov x0, sp\n b start\n");
#else
#define N(amd64, arm64) amd64
static long call(long n, word a, word b, word c, word d, word e, word f) {
    register word r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call start\n");
#endif
#define CALL(n, ...) CALL_(n, __VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define CALL_(n, a, b, c, d, e, f, ...) call(n, (word)(a), (word)(b), (word)(c), (word)(d), (word)(e), (word)(f))

enum { EPERM = 1, ENOENT = 2, ESRCH = 3, ENXIO = 6, EACCES = 13, EINVAL = 22, ENOTTY = 25, EROFS = 30, ENOSYS = 38 };
enum { READ = 0, WRITE = 1, DIRECTORY = N(0200000, 040000), PATH = 010000000, HERE = -100 };

static const char *marker, *socket_name, *host_name;
static long host_pid, host_port;
static char buffer[4096];

void *memset(void *to, int byte, word count) {
    for (word i = 0; i < count; i++) ((volatile char *)to)[i] = (char)byte;
    return to;
}
void *memcpy(void *to, const void *from, word count) {
    for (word i = 0; i < count; i++) ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}
static word length(const char *text) {
    word count = 0;
    while (text[count]) count++;
    return count;
}
static int same(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}
static void say(int fd, const char *text) { CALL(N(1, 64), fd, text, length(text)); }
static void say_number(int fd, long number) {
    char digits[24], *at = digits + sizeof digits;
    *--at = 0;
    do *--at = (char)('0' + number % 10); while (number /= 10);
    say(fd, at);
}
static long open_file(const char *path, int flags) { return CALL(N(257, 56), HERE, path, flags, 0); }
static void close_file(long fd) { CALL(N(3, 57), fd); }

// Each way returns 1 where it led out, else 0 or the negated number of the error that stopped it.
static long refused(long result) {
    if (result == -EPERM || result == -ENOSYS || result == -EACCES || result == -EROFS) return result;
    return 1;
}
// The same, where nothing being there is as good.
static long absent(long result) {
    if (result == -ENOENT || result == -ENXIO || result == -ESRCH || result == -ENOTTY) return result;
    return refused(result);
}
static long opens(const char *path, int flags) { return absent(open_file(path, flags)); }
static long holds(const char *path) {
    long fd = open_file(path, READ);
    if (fd < 0) return absent(fd);
    long count = CALL(N(0, 63), fd, buffer, sizeof buffer), found = 0;
    for (long i = 0; i < count; i++) found |= buffer[i] != 0;
    close_file(fd);
    return count < 0 ? absent(count) : found;
}

struct entry {
    word inode;
    long offset;
    unsigned short size;
    unsigned char type;
    char name[];
};
// Opens every file below for writing; 1 where one lets itself be opened.
static long tree(const char *path, int depth) {
    char list[2048], below[512];
    long fd = open_file(path, READ | DIRECTORY), out = 0;
    if (fd < 0) return absent(fd);
    for (long count; (count = CALL(N(217, 61), fd, list, sizeof list)) > 0;) {
        for (long at = 0; at < count;) {
            struct entry *entry = (struct entry *)(list + at);
            at += entry->size;
            word first = length(path), second = length(entry->name);
            if (entry->name[0] == '.' || first + second + 2 > sizeof below) continue;
            memcpy(below, path, first);
            below[first] = '/';
            memcpy(below + first + 1, entry->name, second + 1);
            if (entry->type == 4) {
                if (depth < 8 && tree(below, depth + 1) == 1) out = 1;
            } else if (entry->type == 8) {
                long file = open_file(below, WRITE);
                if (file >= 0) {
                    say(2, "  opened "), say(2, below), say(2, "\n");
                    close_file(file);
                    out = 1;
                }
            }
        }
    }
    close_file(fd);
    return out;
}

static long core_pattern(void) { return opens("/proc/sys/kernel/core_pattern", WRITE); }
static long proc_sys(void) { return tree("/proc/sys", 0); }
static long proc_bus(void) { return tree("/proc/bus", 0); }
static long proc_fs(void) { return tree("/proc/fs", 0); }
static long proc_irq(void) { return tree("/proc/irq", 0); }
static long sysrq(void) { return opens("/proc/sysrq-trigger", WRITE); }
static long binfmt(void) { return opens("/proc/sys/fs/binfmt_misc/register", WRITE); }
static long kcore(void) { return holds("/proc/kcore"); }
static long keys(void) { return holds("/proc/keys"); }
static long timers(void) { return holds("/proc/timer_list"); }
static long scheduler(void) { return holds("/proc/sched_debug"); }
static long slabs(void) { return holds("/proc/slabinfo"); }
static long kernel_log(void) { return opens("/proc/kmsg", READ) == 1 && holds("/proc/kmsg") == 1; }
static long sysfs(void) { return opens("/sys/kernel", READ | DIRECTORY); }
// A runtime's program is the first process itself.
static int is_first(void) { return CALL(N(39, 172), 0) == 1; }
static long of_1(const char *path, int flags) { return is_first() ? 0 : opens(path, flags); }
static long environ_of_1(void) { return is_first() ? 0 : holds("/proc/1/environ"); }
static long cmdline_of_1(void) { return is_first() ? 0 : holds("/proc/1/cmdline"); }
static long memory_of_1(void) { return of_1("/proc/1/mem", READ); }
static long maps_of_1(void) { return is_first() ? 0 : holds("/proc/1/maps"); }
static long root_of_1(void) { return of_1("/proc/1/root/.", READ | DIRECTORY); }
static long cwd_of_1(void) { return of_1("/proc/1/cwd/.", READ | DIRECTORY); }
static long exe_of_1(void) { return of_1("/proc/1/exe", READ); }
static long descriptors_of_1(void) {
    char path[] = "/proc/1/fd/0";
    for (int i = 0; i < 10; i++) {
        path[sizeof path - 2] = (char)('0' + i);
        if (of_1(path, PATH) == 1) return 1;
    }
    return 0;
}
static long ptrace_1(void) { return is_first() ? 0 : refused(CALL(N(101, 117), 0x4206, 1, 0, 0)); }
static long read_memory_of_1(void) {
    struct { void *base; word size; } own = {buffer, 1}, other = {(void *)0x400000, 1};
    return is_first() ? 0 : absent(CALL(N(310, 270), 1, &own, 1, &other, 1, 0));
}
static long descriptor_of_1(void) {
    if (is_first()) return 0;
    long process = CALL(N(434, 434), 1, 0);
    return process < 0 ? refused(process) : refused(CALL(N(438, 438), process, 1, 0));
}
// The first process of a namespace is deaf to what comes from inside; that there is a report shows it.
static long kill_1(void) {
    CALL(N(62, 129), 1, 9);
    return 0;
}
static long kill_host(void) { return absent(CALL(N(62, 129), host_pid, 9)); }
static long mount_tmpfs(void) { return refused(CALL(N(165, 40), socket_name, "/tmp", "tmpfs", 0, 0)); }
static long mount_proc(void) { return refused(CALL(N(165, 40), socket_name, "/tmp", "proc", 0, 0)); }
static long mount_cgroup(void) { return refused(CALL(N(165, 40), socket_name, "/tmp", "cgroup2", 0, 0)); }
static long mount_registry(void) { return refused(CALL(N(165, 40), socket_name, "/tmp", "binfmt_misc", 0, 0)); }
static long remount(void) { return refused(CALL(N(165, 40), 0, "/proc/sys", 0, 32 | 4096, 0)); }
static long unmount(void) { return refused(CALL(N(166, 39), "/proc/sys", 2)); }
static long unmask(void) { return refused(CALL(N(166, 39), "/proc/kcore", 2)); }
static long clone_tree(void) { return refused(CALL(428, HERE, "/", 1)); }
static long open_filesystem(void) { return refused(CALL(430, "proc", 0)); }
static long mount_attributes(void) { return refused(CALL(442, HERE, "/proc/sys", 0, buffer, 0)); }
static long pivot(void) { return refused(CALL(N(155, 41), "/tmp", "/tmp")); }
static long chroot_escape(void) {
    long outer = open_file("/", READ | DIRECTORY), result;
    CALL(N(258, 34), HERE, "/tmp/jail", 0700);
    result = CALL(N(161, 51), "/tmp/jail");
    CALL(N(81, 50), outer);
    for (int i = 0; i < 64; i++) CALL(N(80, 49), "..");
    CALL(N(161, 51), ".");
    close_file(outer);
    return opens(marker, READ) == 1 ? 1 : result < 0 ? result : -ENOENT;
}
static long host_file(void) { return opens(marker, READ); }
static long file_handle(void) {
    struct { unsigned size; int type; unsigned inode, generation; } handle = {8, 1, 2, 0};
    long fd = open_file("/", READ | DIRECTORY);
    return refused(CALL(N(304, 265), fd, &handle, READ));
}
static long device_file(void) {
    long made = CALL(N(259, 33), HERE, "/tmp/null", 020666, 1 << 8 | 3);
    return made < 0 ? refused(made) : refused(open_file("/tmp/null", WRITE));
}
static long host_devices(void) {
    static const char *const paths[] = {"/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/dev/sda", "/dev/vda",
                                        "/dev/nvme0n1", "/dev/fuse", "/dev/kvm", "/dev/loop-control"};
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
        if (opens(paths[i], READ) == 1) return 1;
    return -ENOENT;
}
static long device_mode(void) { return absent(CALL(N(268, 53), HERE, "/dev/null", 0666)); }
static long input_device(void) {
    // struct stat has the mode at 24 on x86-64, at 16 on AArch64.
    long result = CALL(N(5, 80), 0, buffer);
    return result == 0 && (*(unsigned *)(buffer + N(24, 16)) & 0170000) == 0020000;
}
static long terminal(void) {
    long tty = open_file("/dev/tty", 2);
    for (long fd = 0; fd < 3; fd++)
        if (CALL(N(16, 29), fd, 0x5412, "x") >= 0) return 1;
    return tty < 0 ? absent(tty) : absent(CALL(N(16, 29), tty, 0x5412, "x"));
}
static long inherited(void) {
    for (int fd = 3; fd < 1024; fd++)
        if (CALL(N(72, 25), fd, 1, 0) >= 0) return 1;
    return 0;
}
static long new_user(void) { return refused(CALL(N(272, 97), 0x10000000)); }
static long new_mounts(void) { return refused(CALL(N(272, 97), 0x20000)); }
static long new_network(void) { return refused(CALL(N(272, 97), 0x40000000)); }
static long clone_user(void) {
    long result = CALL(N(56, 220), 0x10000000 | 17, 0, 0, 0, 0);
    if (result == 0) CALL(N(231, 94), 0);
    // QEMU takes no such flags.
    return N(0, 1) && result == -EINVAL ? result : refused(result);
}
static long clone3_user(void) {
    word arguments[8] = {0x10000000, 0, 0, 0, 17};
    long result = CALL(435, arguments, 64);
    if (result == 0) CALL(N(231, 94), 0);
    return refused(result);
}
static long join_namespace(void) {
    long fd = open_file("/proc/1/ns/mnt", READ);
    return is_first() ? refused(CALL(N(308, 268), fd, 0)) : fd < 0 ? absent(fd) : refused(CALL(N(308, 268), fd, 0));
}
static long add_key(void) { return refused(CALL(N(248, 217), "user", "assay", "x", 1, -2)); }
static long request_key(void) { return refused(CALL(N(249, 218), "user", "assay", 0, -2)); }
static long session_keys(void) { return refused(CALL(N(250, 219), 11, -3, buffer, sizeof buffer)); }
static long user_keys(void) { return refused(CALL(N(250, 219), 11, -4, buffer, sizeof buffer)); }
static long make_socket(int family, int type, int protocol) { return CALL(N(41, 198), family, type, protocol); }
static long vsock(void) { return refused(make_socket(40, 1, 0)); }
static long algorithm(void) { return refused(make_socket(38, 5, 0)); }
static long raw_socket(void) {
    // An echo request to another machine: there is no way to it.
    unsigned char address[16] = {2, 0, 0, 0, 192, 0, 2, 1}, echo[8] = {8, 0, 0xf7, 0xff};
    long fd = make_socket(2, 3, 1);
    if (fd < 0) return refused(fd);
    long sent = CALL(N(44, 206), fd, echo, 8, 0, address, 16);
    return sent < 0 ? sent : 1;
}
static long packet_socket(void) {
    // The second interface is the host's: a namespace of one's own has only the loopback device.
    long fd = make_socket(17, 3, 0x0300);
    if (fd < 0) fd = make_socket(2, 2, 0);
    if (fd < 0) return refused(fd);
    memset(buffer, 0, 40);
    for (int index = 2; index < 16; index++) {
        *(int *)(buffer + 16) = index;
        if (CALL(N(16, 29), fd, 0x8910, buffer) < 0) continue;
        if (!same(buffer, "sit0") && !same(buffer, "tunl0") && !same(buffer, "ip6tnl0") && !same(buffer, "gre0") &&
            !same(buffer, "gretap0") && !same(buffer, "erspan0") && !same(buffer, "ip_vti0") &&
            !same(buffer, "ip6_vti0") && !same(buffer, "ip6gre0")) {
            return 1; // not what the kernel puts in every namespace
        }
    }
    return -ENXIO;
}
static long host_port_reached(void) {
    unsigned char address[16] = {2, 0, (unsigned char)(host_port >> 8), (unsigned char)host_port, 127, 0, 0, 1};
    long fd = make_socket(2, 1, 0), result = fd < 0 ? fd : CALL(N(42, 203), fd, address, 16);
    return result < 0 ? result : 1;
}
static long host_socket(void) {
    struct { unsigned short family; char path[108]; } address = {1, {0}};
    word count = length(socket_name);
    memcpy(address.path + 1, socket_name, count);
    long fd = make_socket(1, 1, 0), result = fd < 0 ? fd : CALL(N(42, 203), fd, &address, 3 + count);
    return result < 0 ? result : 1;
}
static long perf(void) { return refused(CALL(N(298, 241), buffer, 0, -1, -1, 0)); }
static long bpf(void) { return refused(CALL(N(321, 280), 0, buffer, 16)); }
static long fault_descriptor(void) { return refused(CALL(N(323, 282), 1)); }
static long io_uring(void) { return refused(CALL(425, 0, buffer)); }
static long kexec(void) { return refused(CALL(N(246, 104), 0, 0, 0, ~0ul)); }
static long load_module(void) { return refused(CALL(N(175, 105), buffer, 0, "")); }
static long unload_module(void) { return refused(CALL(N(176, 106), "no-such-module", 0)); }
static long reboot(void) { return refused(CALL(N(169, 142), 1, 2, 3, 0)); }
static long swap(void) { return refused(CALL(N(167, 224), "/no/such/file", 0)); }
static long accounting(void) { return refused(CALL(N(163, 89), "/no/such/file")); }
static long set_time(void) {
    // A clock that nobody can set.
    long time[2] = {1, 0};
    return refused(CALL(N(227, 112), 1, time));
}
static long set_name(void) { return refused(CALL(N(170, 161), buffer, 100)); }
static long read_name(void) {
    CALL(N(63, 160), buffer);
    return same(buffer + 65, host_name);
}
static long quota(void) { return refused(CALL(N(179, 60), 0x80000500, "/dev/no-such-device", 0, buffer)); }
static long read_log(void) { return refused(CALL(N(103, 116), 3, buffer, sizeof buffer)); }
static long nfs(void) { return refused(CALL(N(180, 42), 0, 0, 0)); }
static long cookie(void) { return refused(CALL(N(212, 18), 0, buffer, 16)); }
static long hang_up(void) { return refused(CALL(N(153, 58), 0)); }
static long watch_all(void) { return refused(CALL(N(300, 262), 0x04000000, 0)); }
static long personality(void) { return refused(CALL(N(135, 92), 0x0040000)); }
static long ports(void) { return N(refused(CALL(172, 3, 0, 0)), -ENOSYS); }
static long bounding(void) { return CALL(N(157, 167), 23, 21, 0, 0, 0) == 1; }
static long gain(void) {
    unsigned header[2] = {0x20080522, 0}, sets[6] = {~0u, ~0u, 0, 0x1ff, 0x1ff, 0};
    return refused(CALL(N(126, 91), header, sets));
}
static long higher_priority(void) { return refused(CALL(N(141, 140), 0, 0, -20)); }
static long real_time(void) {
    int priority = 1;
    return refused(CALL(N(144, 119), 0, 1, &priority));
}
static long core_limit(void) {
    word unlimited[2] = {~0ul, ~0ul};
    long result = CALL(N(302, 261), 0, 4, unlimited, 0);
    // QEMU says that it did it, and asks the kernel for nothing.
    if (result == 0) CALL(N(302, 261), 0, 4, 0, unlimited);
    return result < 0 ? refused(result) : unlimited[1] != 0;
}

static const struct way {
    const char *name;
    long (*try)(void);
} ways[] = {
    // Before the others open anything.
    {"inherited-descriptors", inherited},
    {"core-pattern", core_pattern}, {"proc-sys", proc_sys}, {"proc-bus", proc_bus}, {"proc-fs", proc_fs},
    {"proc-irq", proc_irq}, {"sysrq", sysrq}, {"binfmt-register", binfmt}, {"kcore", kcore}, {"proc-keys", keys},
    {"timer-list", timers}, {"sched-debug", scheduler}, {"slabinfo", slabs}, {"kmsg", kernel_log}, {"sysfs", sysfs},
    {"environ-of-1", environ_of_1}, {"cmdline-of-1", cmdline_of_1}, {"mem-of-1", memory_of_1}, {"maps-of-1", maps_of_1},
    {"root-of-1", root_of_1}, {"cwd-of-1", cwd_of_1}, {"exe-of-1", exe_of_1}, {"fd-of-1", descriptors_of_1},
    {"ptrace-1", ptrace_1}, {"process-vm-readv-1", read_memory_of_1}, {"pidfd-getfd-1", descriptor_of_1},
    {"kill-1", kill_1}, {"kill-host", kill_host}, {"mount-tmpfs", mount_tmpfs}, {"mount-proc", mount_proc},
    {"mount-cgroup", mount_cgroup}, {"mount-binfmt", mount_registry}, {"remount", remount}, {"umount", unmount},
    {"umount-mask", unmask}, {"open-tree", clone_tree}, {"fsopen", open_filesystem}, {"mount-setattr", mount_attributes},
    {"pivot-root", pivot}, {"chroot-fchdir", chroot_escape}, {"host-file", host_file}, {"open-by-handle", file_handle},
    {"mknod", device_file}, {"host-devices", host_devices}, {"device-mode", device_mode}, {"input-device", input_device},
    {"tiocsti", terminal}, {"unshare-user", new_user},
    {"unshare-mount", new_mounts}, {"unshare-net", new_network}, {"clone-user", clone_user}, {"clone3-user", clone3_user},
    {"setns", join_namespace}, {"add-key", add_key}, {"request-key", request_key}, {"session-keyring", session_keys},
    {"user-keyring", user_keys}, {"vsock", vsock}, {"af-alg", algorithm}, {"raw-socket", raw_socket},
    {"packet-socket", packet_socket}, {"host-port", host_port_reached}, {"abstract-socket", host_socket}, {"perf", perf},
    {"bpf", bpf}, {"userfaultfd", fault_descriptor}, {"io-uring", io_uring}, {"kexec", kexec},
    {"init-module", load_module}, {"delete-module", unload_module}, {"reboot", reboot}, {"swapon", swap},
    {"acct", accounting}, {"clock-settime", set_time}, {"sethostname", set_name}, {"host-name", read_name},
    {"quotactl", quota}, {"syslog", read_log}, {"nfsservctl", nfs}, {"lookup-dcookie", cookie}, {"vhangup", hang_up},
    {"fanotify", watch_all}, {"personality", personality}, {"iopl", ports}, {"bounding-set", bounding}, {"capset", gain},
    {"nice", higher_priority}, {"real-time", real_time}, {"core-limit", core_limit},
};

static long number(const char *text) {
    long value = 0;
    while (*text >= '0' && *text <= '9') value = value * 10 + (*text++ - '0');
    return value;
}

__attribute__((noreturn, used)) void start(word *stack) {
    const char **arguments = (const char **)(stack + 1);
    long count = sizeof ways / sizeof *ways, out = 0;
    if (stack[0] == 6) {
        marker = arguments[1], host_pid = number(arguments[2]), host_port = number(arguments[3]);
        socket_name = arguments[4], host_name = arguments[5];
    }
    for (long i = 0; i < count; i++) {
        if (stack[0] != 6) {
            say(1, ways[i].name), say(1, "\n");
            continue;
        }
        long result = ways[i].try();
        // Only what led out: the report shows the last lines.
        if (result != 1) continue;
        out++;
        say(2, ways[i].name), say(2, " leads out\n");
    }
    if (stack[0] == 6) say_number(1, count), say(1, " ways tried, "), say_number(1, out), say(1, " lead out\n");
    for (;;) CALL(N(231, 94), out != 0);
}
