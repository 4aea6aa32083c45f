#include "threads.h"

void thread_create(struct thread *thread, void (*run)(struct thread *), void *argument)
{
    thread->run = run;
    thread->argument = argument;
    thread->running = 1;
    if (TLS_NAMES_ITSELF)
        thread->tls[0] = (uint64_t *)thread->tls;
    if (!thread->stack) {
        thread->stack = sys_mmap(nullptr, THREAD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        expect_success("mmap(stack)", (long)thread->stack);
    }
    expect_success("clone(thread)",
                   thread_clone(CLONE_THREAD_ALL | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
                                (char *)thread->stack + THREAD_STACK, &thread->id, (int *)&thread->running, thread->tls,
                                (void (*)(void *))run, thread));
}

static struct {
    void (*sides[2])(int);
    int rounds, step;
    uint32_t arrived[2];
} pair;

static void walk(int side)
{
    for (int i = 0; i < pair.rounds; i++) {
        if (i % pair.step == 0) {
            uint32_t here = (uint32_t)i + 1;
            __atomic_store_n(&pair.arrived[side], here, __ATOMIC_RELEASE);
            for (int tries = 0; __atomic_load_n(&pair.arrived[!side], __ATOMIC_ACQUIRE) < here; tries++)
                if (tries > 500) // on one processor the other has to be let in
                    sys0(SYS_sched_yield);
        }
        pair.sides[side](i);
    }
}

static void walk_there(struct thread *) { walk(1); }

void in_step(void (*here)(int), void (*there)(int), int rounds, int step)
{
    static struct thread other;
    pair.sides[0] = here;
    pair.sides[1] = there;
    pair.rounds = rounds;
    pair.step = step;
    pair.arrived[0] = pair.arrived[1] = 0;
    thread_create(&other, walk_there, nullptr);
    walk(0);
    thread_join(&other);
}

void thread_join(struct thread *thread)
{
    for (;;) {
        uint32_t word = __atomic_load_n(&thread->running, __ATOMIC_ACQUIRE);
        if (word == 0)
            return;
        long waited = sys_futex(&thread->running, FUTEX_WAIT, word, nullptr);
        if (waited < 0 && waited != -EAGAIN && waited != -EINTR)
            expect_success("futex(FUTEX_WAIT)", waited);
    }
}
