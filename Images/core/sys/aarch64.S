// Thread start, and the memory accesses that probes expect to fault.
    .text
// long thread_clone(uint64_t flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *), void *argument)
// The new thread runs on its own stack and ends with exit(2), which does not touch the stack afterwards.
    .globl thread_clone
thread_clone:
    stp x5, x6, [x1, #-16]!
    mov x9, x3
    mov x3, x4
    mov x4, x9
    mov x8, #220
    svc #0
    cbz x0, 1f
    ret
1:  mov x29, #0
    mov x30, #0
    ldp x9, x0, [sp], #16
    blr x9
    mov x0, #0
    mov x8, #93
    svc #0

// uint8_t fault_load(const void *); void fault_store(void *, uint8_t): a handler resumes at fault_resume, which returns.
    .globl fault_load, fault_store, fault_resume
fault_load:
    ldrb w0, [x0]
    ret
fault_store:
    strb w1, [x0]
    ret
fault_resume:
    ret

    .section .note.GNU-stack, "", %progbits
