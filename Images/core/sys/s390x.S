// Thread start, and the memory accesses that probes expect to fault.
    .text

// long thread_clone(uint64_t flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *), void *argument)
// The seventh argument is on the stack.
    .globl thread_clone
thread_clone:
    stg %r6, 48(%r15)
    aghi %r3, -160
    stg %r7, 56(%r15)
    lg %r1, 160(%r15)
    lg %r0, 168(%r15)
    stg %r1, 0(%r3)
    stg %r0, 8(%r3)
    lgr %r0, %r2
    lgr %r2, %r3
    lgr %r3, %r0
    lghi %r1, 120
    svc 0
    ltgr %r2, %r2
    jz 1f
    lg %r6, 48(%r15)
    lg %r7, 56(%r15)
    br %r14
1:  lg %r1, 0(%r15)
    lg %r2, 8(%r15)
    basr %r14, %r1
    lghi %r2, 0
    lghi %r1, 1
    svc 0

    .globl fault_load, fault_store, fault_resume
fault_load:
    llgc %r2, 0(%r2)
    br %r14
fault_store:
    stc %r3, 0(%r2)
    br %r14
fault_resume:
    br %r14

    .section .note.GNU-stack, "", %progbits
