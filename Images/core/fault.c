#include "fault.h"

volatile struct fault fault_seen;

static void resume(int signal, struct siginfo *info, void *context)
{
    fault_seen.count++;
    fault_seen.signal = signal;
    fault_seen.code = info->code;
    fault_seen.address = (uintptr_t)info->address;
    fault_seen.pc = context_pc(context);
    context_set_pc(context, (uintptr_t)fault_resume);
}

void fault_catch(int signal)
{
    struct sigaction action = {.action = resume, .flags = SA_SIGINFO};
    expect_success("rt_sigaction", sys_sigaction(signal, &action, nullptr));
}

void expect_fault(const char *what, int signal, int code, uint64_t address, uint64_t pc)
{
    char text[80];
    format(text, sizeof text, "%s: signals", what);
    expect_number(text, fault_seen.count, 1);
    format(text, sizeof text, "%s: signal", what);
    expect_number(text, fault_seen.signal, signal);
    format(text, sizeof text, "%s: si_code", what);
#if defined(__powerpc64__)
    if (signal == SIGSEGV && code == SEGV_ACCERR && fault_seen.code == SEGV_MAPERR) {
        note(
            "limit-segv-code: si_code of SIGSEGV is SEGV_MAPERR where the memory is mapped and protected, and si_addr 0 after a jump");
        fault_seen.code = code;
        if (address == pc && fault_seen.address == 0) // a jump
            fault_seen.address = address;
    }
#endif
    expect_number(text, fault_seen.code, code);
    format(text, sizeof text, "%s: si_addr", what);
    expect_equal(text, fault_seen.address & FAULT_ADDRESS_MASK, address & FAULT_ADDRESS_MASK);
    format(text, sizeof text, "%s: pc in ucontext", what);
    expect_equal(text, fault_seen.pc, pc);
    fault_seen.count = 0;
}
