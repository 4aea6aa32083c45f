// void execute(struct state *state, const uint32_t *code): loads the registers of isa.h's `struct state`, goes to the
// code, which comes back through x28, and stores them again.
.globl execute
.type execute, %function
execute:
    stp x29, x30, [sp, #-160]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x27, sp
    mov x26, x0
    mov x25, x1
    adr x28, 1f
    ldp q0, q1, [x26]
    ldp q2, q3, [x26, #32]
    ldp q4, q5, [x26, #64]
    ldp q6, q7, [x26, #96]
    ldp x9, x10, [x26, #192]
    ldp x11, x12, [x26, #208]
    ldr x13, [x26, #224]
    mrs x24, fpcr
    msr fpcr, x12
    msr fpsr, x13
    lsl x11, x11, #28
    msr nzcv, x11
    mov x30, x9
    mov sp, x10
    ldp x0, x1, [x26, #128]
    ldp x2, x3, [x26, #144]
    ldp x4, x5, [x26, #160]
    ldp x6, x7, [x26, #176]
    br x25
1:  mov x10, sp
    mov sp, x27
    mov x9, x30
    stp x0, x1, [x26, #128]
    stp x2, x3, [x26, #144]
    stp x4, x5, [x26, #160]
    stp x6, x7, [x26, #176]
    mrs x11, nzcv
    lsr x11, x11, #28
    mrs x12, fpcr
    mrs x13, fpsr
    msr fpcr, x24
    stp x9, x10, [x26, #192]
    stp x11, x12, [x26, #208]
    str x13, [x26, #224]
    stp q0, q1, [x26]
    stp q2, q3, [x26, #32]
    stp q4, q5, [x26, #64]
    stp q6, q7, [x26, #96]
    ldp d14, d15, [sp, #144]
    ldp d12, d13, [sp, #128]
    ldp d10, d11, [sp, #112]
    ldp d8, d9, [sp, #96]
    ldp x27, x28, [sp, #80]
    ldp x25, x26, [sp, #64]
    ldp x23, x24, [sp, #48]
    ldp x21, x22, [sp, #32]
    ldp x19, x20, [sp, #16]
    ldp x29, x30, [sp], #160
    ret
