// Thread start, and the memory accesses that probes expect to fault.
    .abiversion 2
    .text

// long thread_clone(uint64_t flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *), void *argument)
    .globl thread_clone
thread_clone:
    addi 4, 4, -64
    std 8, 32(4)
    std 9, 40(4)
    mr 0, 6
    mr 6, 7
    mr 7, 0
    li 0, 120
    sc
    bns+ 0f
    neg 3, 3
0:  cmpdi 3, 0
    beq 1f
    blr
1:  ld 12, 32(1)
    ld 3, 40(1)
    li 0, 0
    std 0, 0(1)
    mtctr 12
    bctrl
    li 3, 0
    li 0, 1
    sc

    .globl fault_load, fault_store, fault_resume
fault_load:
    lbz 3, 0(3)
    blr
fault_store:
    stb 4, 0(3)
    blr
fault_resume:
    blr

    .section .note.GNU-stack, "", %progbits
