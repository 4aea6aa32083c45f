// Threads as a C library makes them: clone(2) on a mapped stack, and a futex that the kernel clears at the end.
#pragma once

#include "probe.h"

struct thread {
    void (*run)(struct thread *);
    void *argument;
    uint64_t value;   // the thread's to use
    int id;           // as CLONE_PARENT_SETTID stored it
    uint32_t running; // CLONE_CHILD_CLEARTID: zero, with a wake-up, when the thread has ended
    void *stack;
    uint64_t *tls[4]; // CLONE_SETTLS
};

enum { THREAD_STACK = 65536 };

void thread_create(struct thread *thread, void (*run)(struct thread *), void *argument);
void thread_join(struct thread *thread);

// Two threads, this one and another, walk over the same rounds, calling `here` and `there` with their numbers. Every
// `step` rounds they wait for each other, so that they go on meeting.
void in_step(void (*here)(int), void (*there)(int), int rounds, int step);
