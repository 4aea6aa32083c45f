// proves: swapcontext, setjmp and siglongjmp switch stacks and masks and keep callee-saved registers of both kinds
// stands for: coroutines (QEMU's own, Boost, Ruby fibres) and error handling by longjmp crash
// source:
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>
#include "probe.h"

static ucontext_t caller, coroutine;
static int produced;
static jmp_buf back;

static void produce(int first, int step)
{
    double weight = 0.5;
    for (int value = first;; value += step) {
        produced = (int)(value * (weight += 0.5));
        swapcontext(&coroutine, &caller);
    }
}

static void deep(int level)
{
    volatile char frame[512];
    frame[level % 512] = (char)level;
    if (level == 0)
        longjmp(back, 17);
    deep(level - 1);
    frame[0] = 0;
}

int main(void)
{
    static char stack[65536];
    volatile double kept = 1.25;
    sigset_t mask;
    getcontext(&coroutine);
    coroutine.uc_stack.ss_sp = stack;
    coroutine.uc_stack.ss_size = sizeof stack;
    coroutine.uc_link = &caller;
    makecontext(&coroutine, (void (*)(void))produce, 2, 10, 5);
    for (int i = 0; i < 50; i++) {
        double local = kept * i;
        swapcontext(&caller, &coroutine);
        expect_number("value of the coroutine", produced, (int)((10 + 5 * i) * (1 + 0.5 * i)));
        expect("a double across the switch", local == 1.25 * i);
    }
    int came = setjmp(back);
    if (came == 0)
        deep(100);
    expect_number("longjmp from 100 frames", came, 17);
    sigjmp_buf with_mask;
    sigemptyset(&mask);
    if (sigsetjmp(with_mask, 1) == 0) {
        sigaddset(&mask, SIGUSR1);
        sigprocmask(SIG_BLOCK, &mask, NULL);
        siglongjmp(with_mask, 1);
    }
    sigprocmask(SIG_BLOCK, NULL, &mask);
    expect("siglongjmp restores the mask", !sigismember(&mask, SIGUSR1));
    return finish();
}
