// Thread start, the signal trampoline, and the memory accesses that probes expect to fault.
    .text
// long thread_clone(uint64_t flags, void *stack, int *parent_id, int *child_id, void *tls, void (*run)(void *), void *argument)
    .globl thread_clone
thread_clone:
    movq 8(%rsp), %rax
    subq $16, %rsi
    movq %r9, (%rsi)
    movq %rax, 8(%rsi)
    movq %rcx, %r10
    movl $56, %eax
    syscall
    testq %rax, %rax
    jz 1f
    ret
1:  xorl %ebp, %ebp
    popq %rax
    popq %rdi
    call *%rax
    xorl %edi, %edi
    movl $60, %eax
    syscall

    .globl signal_restorer
signal_restorer:
    movl $15, %eax
    syscall

    .globl fault_load, fault_store, fault_resume
fault_load:
    movzbl (%rdi), %eax
    ret
fault_store:
    movb %sil, (%rdi)
    ret
fault_resume:
    ret

    .section .note.GNU-stack, "", @progbits
