// Thread start, the signal trampolines, and the memory accesses that probes expect to fault.
    .syntax unified
    .arm
    .text

// long thread_clone(unsigned long flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *), void *argument)
    .globl thread_clone
    .type thread_clone, %function
thread_clone:
    push {r4, r7}
    ldr ip, [sp, #12]
    ldr r4, [sp, #16]
    stmdb r1!, {r4, ip}
    mov r4, r3
    ldr r3, [sp, #8]
    mov r7, #120
    svc #0
    cmp r0, #0
    beq 1f
    pop {r4, r7}
    bx lr
1:  mov fp, #0
    mov lr, #0
    pop {r0, ip}
    blx ip
    mov r0, #0
    mov r7, #1
    svc #0

// A handler without SA_SIGINFO has a frame of another kind, which another call takes away.
    .globl signal_restorer, plain_signal_restorer
    .type signal_restorer, %function
    .type plain_signal_restorer, %function
signal_restorer:
    mov r7, #173
    svc #0
plain_signal_restorer:
    mov r7, #119
    svc #0

    .globl fault_load, fault_store, fault_resume
    .type fault_load, %function
    .type fault_store, %function
    .type fault_resume, %function
fault_load:
    ldrb r0, [r0]
    bx lr
fault_store:
    strb r1, [r0]
    bx lr
fault_resume:
    bx lr

// What compilers call (Run-time ABI for the Arm Architecture): the quotient in r0 and r1, the rest in r2 and r3.
    .macro divide name, by
    .globl \name
    .type \name, %function
\name:
    push {r11, lr}
    sub sp, sp, #16
    add ip, sp, #8
    str ip, [sp]
    bl \by
    ldrd r2, r3, [sp, #8]
    add sp, sp, #16
    pop {r11, pc}
    .endm
    divide __aeabi_uldivmod, divide_unsigned
    divide __aeabi_ldivmod, divide_signed

    .macro names of
    .globl \of, \of\()4, \of\()8
    .type \of, %function
    .type \of\()4, %function
    .type \of\()8, %function
\of:
\of\()4:
\of\()8:
    .endm
    names __aeabi_memcpy
    b memcpy
    names __aeabi_memmove
    b memmove
    names __aeabi_memset
    mov r3, r1
    mov r1, r2
    mov r2, r3
    b memset
    names __aeabi_memclr
    mov r2, r1
    mov r1, #0
    b memset

    .section .note.GNU-stack, "", %progbits
