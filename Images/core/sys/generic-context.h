// What AArch64 and RISC-V share beside generic.h: a signal's frame around the machine's own context, and the order of
// clone(2)'s arguments (CONFIG_CLONE_BACKWARDS). Included by them, behind machine_context and sys_call.
#pragma once

struct ucontext {
    uint64_t flags, link;
    struct signal_stack stack;
    uint64_t mask;
    uint8_t unused[120];
    alignas(16) struct machine_context machine;
};

static inline uint64_t context_pc(const struct ucontext *context) { return context->machine.pc; }
static inline void context_set_pc(struct ucontext *context, uint64_t pc) { context->machine.pc = pc; }
static inline uint64_t context_sp(const struct ucontext *context) { return context->machine.sp; }

static inline long clone_raw(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls)
{
    return sys_call(SYS_clone, (long)flags, (long)stack, (long)parent_id, (long)tls, (long)child_id, 0);
}
