// Thread start, and the memory accesses that probes expect to fault.
    .text

// long thread_clone(uint64_t flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *), void *argument)
    .globl thread_clone
thread_clone:
    addi a1, a1, -16
    sd a5, 0(a1)
    sd a6, 8(a1)
    mv t0, a3
    mv a3, a4
    mv a4, t0
    li a7, 220
    ecall
    beqz a0, 1f
    ret
1:  li ra, 0
    li s0, 0
    ld t0, 0(sp)
    ld a0, 8(sp)
    addi sp, sp, 16
    jalr t0
    li a0, 0
    li a7, 93
    ecall

    .globl fault_load, fault_store, fault_resume
fault_load:
    lbu a0, 0(a0)
    ret
fault_store:
    sb a1, 0(a0)
    ret
fault_resume:
    ret

    .section .note.GNU-stack, "", %progbits
