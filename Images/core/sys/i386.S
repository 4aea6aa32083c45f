// Thread start, the signal trampolines, and the memory accesses that probes expect to fault.
    .text
// long thread_start(unsigned long flags, void *stack, int *parent_id, int *child_id, struct user_desc *tls, void (*run)(void *), void *argument)
    .globl thread_start
thread_start:
    pushl %ebx
    pushl %esi
    pushl %edi
    movl 16(%esp), %ebx
    movl 20(%esp), %ecx
    movl 24(%esp), %edx
    movl 28(%esp), %edi
    movl 32(%esp), %esi
    subl $16, %ecx
    movl 40(%esp), %eax
    movl %eax, (%ecx)
    movl 36(%esp), %eax
    movl %eax, 4(%ecx)
    movl $120, %eax
    int $0x80
    testl %eax, %eax
    jz 1f
    popl %edi
    popl %esi
    popl %ebx
    ret
1:  xorl %ebp, %ebp
    movl 4(%esp), %eax
    call *%eax
    xorl %ebx, %ebx
    movl $1, %eax
    int $0x80

// A handler without SA_SIGINFO has a frame of another kind, which another call takes away.
    .globl signal_restorer, plain_signal_restorer
signal_restorer:
    movl $173, %eax
    int $0x80
plain_signal_restorer:
    popl %eax
    movl $119, %eax
    int $0x80

    .globl fault_load, fault_store, fault_resume
fault_load:
    movzbl (%eax), %eax
    ret
fault_store:
    movb %dl, (%eax)
    ret
fault_resume:
    ret

    .section .note.GNU-stack, "", @progbits
