// proves: what the loader relocated is read-only afterwards: writing there is SIGSEGV at that address
// stands for: hardening is silently lost, or programs with RELRO crash at start
// source:
// flags: -fPIE -pie -Wl,-z,relro,-z,now
#include <setjmp.h>
#include <signal.h>
#include "probe.h"

static sigjmp_buf back;
static void *volatile address;
static volatile int code;
static const char *const relocated[] = {"one", "two", "three"}; // in .data.rel.ro

static void caught(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    address = info->si_addr;
    code = info->si_code;
    siglongjmp(back, 1);
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
    const char **volatile target = (const char **)&relocated[1];
    expect_text("relocated", *target, "two");
    sigaction(SIGSEGV, &action, NULL);
    if (sigsetjmp(back, 1) == 0) {
        *target = "changed";
        fail("writing to relocated constants is SIGSEGV", "they were changed");
    }
    expect("si_addr is the address written to", address == (void *)target);
    expect_number("si_code (SEGV_ACCERR)", code, SEGV_ACCERR);
    expect_text("afterwards", *target, "two");
    return finish();
}
