// What the flags of sigaction(2) and sigaltstack(2) ask for, each by itself.
#include "../signal-stack.h"

enum { SA_NOCLDWAIT = 2, SA_RESETHAND = 0x80000000 };

static volatile int depth, deepest, calls;
static volatile uint64_t mask_inside;
static volatile bool again;

static void nested(int signal)
{
    calls++;
    depth++;
    if (depth > deepest)
        deepest = depth;
    uint64_t mask = 0;
    sys_sigmask(SIG_BLOCK, nullptr, &mask);
    mask_inside = mask;
    if (again) {
        again = false;
        sys_kill((int)sys_getpid(), signal);
        sys0(SYS_getppid); // where it is not blocked, it has come by now
    }
    depth--;
}

static uint64_t bit_of(int signal) { return 1ull << (signal - 1); }

static void install(int signal, uint32_t flags, uint64_t mask)
{
    struct sigaction action = {.handler = nested, .flags = flags, .mask = mask}, old = {};
    expect_success("rt_sigaction", sys_sigaction(signal, &action, nullptr));
    expect_success("rt_sigaction", sys_sigaction(signal, nullptr, &old));
    EXPECT(old.handler == nested, "the handler that was set", "another");
    expect_equal("flags that were set", old.flags & ~0x04000000u, flags);
    expect_equal("mask that was set", old.mask, mask);
    depth = deepest = calls = 0;
}

static void send(int signal)
{
    sys_kill((int)sys_getpid(), signal);
    sys0(SYS_getppid);
}

PROBE("signal.action-flags",
      "SA_NODEFER, SA_RESETHAND, the mask of a handler, and SA_NOCLDWAIT and SA_NOCLDSTOP do what they say",
      "handlers run inside themselves, or never again; children stay zombies", "")
{
    uint64_t others = bit_of(SIGUSR2) | bit_of(SIGRTMIN) | bit_of(59), before = 0;
    sys_sigmask(SIG_SETMASK, &(uint64_t){0}, nullptr);
    install(SIGUSR1, 0, others);
    again = true;
    send(SIGUSR1);
    expect_number("runs of a handler that sends its own signal", calls, 2);
    expect_number("depth without SA_NODEFER", deepest, 1);
    expect_equal("mask inside", mask_inside, others | bit_of(SIGUSR1));
    sys_sigmask(SIG_BLOCK, nullptr, &before);
    expect_equal("mask after it", before, 0);
    install(SIGUSR1, SA_NODEFER, 0);
    again = true;
    send(SIGUSR1);
    expect_number("depth with SA_NODEFER", deepest, 2);
    expect_equal("mask inside with SA_NODEFER", mask_inside, 0);
    install(SIGUSR2, SA_RESETHAND, 0);
    send(SIGUSR2);
    struct sigaction after = {};
    expect_success("rt_sigaction", sys_sigaction(SIGUSR2, nullptr, &after));
    expect_number("runs with SA_RESETHAND", calls, 1);
    EXPECT(after.handler == SIG_DFL, "SA_RESETHAND leaves the default action", "the handler is still there");
    uint64_t both = bit_of(SIGKILL) | bit_of(SIGSTOP) | bit_of(SIGUSR1), seen = 0;
    sys_sigmask(SIG_SETMASK, &both, nullptr);
    sys_sigmask(SIG_UNBLOCK, &(uint64_t){0}, &seen);
    expect_equal("a mask never holds SIGKILL and SIGSTOP", seen, bit_of(SIGUSR1));
    sys_sigmask(SIG_UNBLOCK, &both, nullptr);
    expect_error("a handler for SIGKILL", sys_sigaction(SIGKILL, &after, nullptr), EINVAL);
    expect_error("a handler for signal 65", sys_sigaction(65, &after, nullptr), EINVAL);
    expect_error("a way to change the mask that does not exist", sys_sigmask(7, &both, nullptr), EINVAL);

    install(SIGCHLD, SA_NOCLDWAIT, 0);
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0)
        sys_exit(3);
    long waited = sys_wait(pid, nullptr, 0);
    bool ignored = waited == pid;
    if (ignored)
        note("limit-nocldwait: SA_NOCLDWAIT and SA_NOCLDSTOP are ignored");
    else
        expect_error("wait4 with SA_NOCLDWAIT", waited, ECHILD);
    install(SIGCHLD, SA_NOCLDSTOP, 0);
    pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        sys_kill((int)sys_getpid(), SIGSTOP);
        sys_exit(3);
    }
    int status = 0;
    expect_number("wait4(WUNTRACED)", sys_wait(pid, &status, WUNTRACED), pid);
    if (!ignored)
        expect_number("SIGCHLD of a stop with SA_NOCLDSTOP", calls, 0);
    calls = 0;
    sys_kill(pid, SIGCONT);
    expect_exit("the child", wait_status(pid), 3);
    sys0(SYS_getppid);
    EXPECT(calls == 1 || (ignored && calls == 2), "one SIGCHLD for its end", "%d", calls);
}

static volatile uintptr_t handler_stack;
static volatile long inside_old, inside_change;
static struct signal_stack reported;
static volatile bool is_misaligned;

SIGNAL_HANDLER static void on_stack(int)
{
    char here;
    is_misaligned |= handler_is_misaligned();
    handler_stack = (uintptr_t)&here;
    inside_old = sys2(SYS_sigaltstack, 0, (long)&reported);
    struct signal_stack none = {.flags = SS_DISABLE};
    inside_change = sys2(SYS_sigaltstack, (long)&none, 0);
}

PROBE("signal.stack-flags",
      "sigaltstack(2) refuses a stack that is too small or in use, tells the old one, and SS_AUTODISARM takes it away",
      "Go and Rust, whose handlers need it, overwrite memory", "")
{
    enum { SIZE = 65536, SS_AUTODISARM = 1 << 31 };
    uint8_t *memory = sys_mmap(nullptr, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect_success("mmap", (long)memory);
    struct signal_stack stack = {memory, 0, 1024}, old = {};
    expect_error("sigaltstack of 1024 bytes", sys2(SYS_sigaltstack, (long)&stack, 0), ENOMEM);
    stack = (struct signal_stack){memory, 0x40, SIZE};
    expect_error("sigaltstack with a flag that does not exist", sys2(SYS_sigaltstack, (long)&stack, 0), EINVAL);
    expect_success("sigaltstack", sys2(SYS_sigaltstack, 0, (long)&old));
    expect_number("flags where none was set", old.flags, SS_DISABLE);
    stack.flags = 0;
    expect_success("sigaltstack", sys2(SYS_sigaltstack, (long)&stack, (long)&old));
    expect_success("sigaltstack", sys2(SYS_sigaltstack, 0, (long)&old));
    expect_equal("its base", (uintptr_t)old.base, (uintptr_t)memory);
    expect_number("its size", (int64_t)old.size, SIZE);
    expect_number("its flags", old.flags, 0);
    struct sigaction action = {.handler = on_stack, .flags = SA_ONSTACK};
    sys_sigaction(SIGUSR1, &action, nullptr);
    send(SIGUSR1);
    note_alignment(is_misaligned);
    EXPECT(handler_stack > (uintptr_t)memory && handler_stack < (uintptr_t)memory + SIZE, "the handler runs on it",
           "at 0x%zx", handler_stack);
    expect_number("flags inside the handler", reported.flags, SS_ONSTACK);
    expect_error("sigaltstack inside the handler", inside_change, EPERM);
    action.flags = 0;
    sys_sigaction(SIGUSR1, &action, nullptr);
    send(SIGUSR1);
    EXPECT(handler_stack < (uintptr_t)memory || handler_stack >= (uintptr_t)memory + SIZE,
           "without SA_ONSTACK a handler runs on the ordinary stack", "at 0x%zx", handler_stack);
}

#if defined(__aarch64__)
static volatile uint64_t fault_inside;

static void change_everything(int, struct siginfo *info, void *context)
{
    struct ucontext *frame = context;
    fault_inside = frame->machine.fault_address;
    fp_set_control(3 << 22 | 1 << 25);
    __asm__ volatile("msr fpsr, %0" ::"r"(0x0800009full));
    __asm__ volatile("movi v16.16b, #7\n\tmovi v8.16b, #9\n\tmovi v31.16b, #3" ::: "v16", "v8", "v31");
    if (info->signo == SIGSEGV)
        frame->machine.pc += 4;
}
#endif

PROBE_AARCH64(
    "signal.registers",
    "a handler's changes to NZCV, FPCR, FPSR and vector registers end with it; fault_address tells the access",
    "a computation changes when a timer's signal comes in between", "")
#if defined(__aarch64__)
{
    struct sigaction action = {.action = change_everything, .flags = SA_SIGINFO};
    sys_sigaction(SIGUSR1, &action, nullptr);
    sys_sigaction(SIGSEGV, &action, nullptr);
    uint64_t control = fp_control(), flags, nzcv;
    long pid = sys_getpid();
    register long x8 __asm__("x8") = SYS_kill;
    register long x0 __asm__("x0") = pid;
    register long x1 __asm__("x1") = SIGUSR1;
    uint64_t seen[6];
    __asm__ volatile("msr fpsr, xzr\n\tmovi v16.16b, #0x11\n\tmovi v8.16b, #0x12\n\tmovi v31.16b, #0x13\n\t"
                     "mov x9, #0xa0000000\n\tmsr nzcv, x9\n\tsvc #0\n\tmrs %0, fpsr\n\tmrs %1, nzcv\n\t"
                     "stp q16, q8, [%3]\n\tstr q31, [%3, #32]"
                     : "=&r"(flags), "=&r"(nzcv), "+r"(x0)
                     : "r"(seen), "r"(x8), "r"(x1)
                     : "x9", "v16", "v8", "v31", "memory", "cc");
    uint64_t after = fp_control();
    fp_set_control(control);
    expect_equal("FPCR after a handler that changed it", after, control);
    expect_equal("FPSR after it", flags, 0);
    expect_equal("NZCV after it", nzcv, 0xa0000000);
    expect_equal("lower half of v16 after it", seen[0], 0x1111111111111111);
    expect_equal("upper half of v16 after it", seen[1], 0x1111111111111111);
    expect_equal("lower half of v8 after it", seen[2], 0x1212121212121212);
    expect_equal("upper half of v31 after it", seen[5], 0x1313131313131313);
    uint8_t *page = sys_mmap(nullptr, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    __asm__ volatile("ldrb w9, [%0]" ::"r"(page + 1234) : "x9", "memory");
    expect_equal("fault_address of the signal context", fault_inside, (uintptr_t)page + 1234);
    sys_kill((int)pid, SIGUSR1);
}
#endif

static volatile int handled;
static void count(int) { handled++; }

PROBE("signal.pending",
      "sigpending(2) tells what is blocked and waits, sigwait takes it, and a handler takes the lowest first",
      "signals that came early are lost", "")
{
    struct sigaction action = {.handler = count};
    sys_sigaction(SIGUSR1, &action, nullptr);
    sys_sigaction(SIGUSR2, &action, nullptr);
    uint64_t set = bit_of(SIGUSR1) | bit_of(SIGUSR2) | bit_of(59), pending = 0;
    sys_sigmask(SIG_BLOCK, &set, nullptr);
    sys_kill((int)sys_getpid(), SIGUSR1);
    sys3(SYS_tgkill, sys_getpid(), sys_gettid(), SIGUSR2);
    expect_success("rt_sigpending", sys2(SYS_rt_sigpending, (long)&pending, 8));
    expect_equal("pending for process and thread", pending, bit_of(SIGUSR1) | bit_of(SIGUSR2));
    expect_error("tgkill of another group", sys3(SYS_tgkill, 1 << 22, sys_gettid(), 0), ESRCH);
    expect_error("tgkill of a number that is its own in 16 bits",
                 sys3(SYS_tgkill, sys_getpid(), sys_gettid() + (1 << 16), 0), ESRCH);
    struct siginfo info = {};
    expect_number("rt_sigtimedwait", sys4(SYS_rt_sigtimedwait, (long)&(uint64_t){bit_of(SIGUSR2)}, (long)&info, 0, 8),
                  SIGUSR2);
    expect_number("si_code of tgkill", info.code, SI_TKILL);
    expect_number("si_pid of tgkill", info.pid, sys_getpid());
    int pid = (int)expect_success("fork", sys_fork());
    if (pid == 0) {
        pending = 1;
        sys2(SYS_rt_sigpending, (long)&pending, 8);
        uint64_t mask = 0;
        sys_sigmask(SIG_BLOCK, nullptr, &mask);
        sys_exit(pending == 0 && mask == set ? 0 : 1);
    }
    expect_exit("a child that inherits the mask and nothing pending", wait_status(pid), 0);
    sys_sigmask(SIG_UNBLOCK, &set, nullptr);
    sys0(SYS_getppid);
    expect_number("handlers run after unblocking", handled, 1);
}
