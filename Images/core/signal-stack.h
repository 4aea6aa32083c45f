// The stack that a signal's handler begins with: aligned to 16 bytes where a call would leave it, says the ABI of x86-64. QEMU before 8.1
// aligns it to 8, and a handler that keeps a vector there dies of SIGSEGV.
#pragma once

#include "probe.h"

#if defined(__x86_64__)
// Aligns its own stack, so that it can tell.
#define SIGNAL_HANDLER [[gnu::force_align_arg_pointer]]
// Where rbp was saved.
#define handler_is_misaligned() ((uintptr_t)__builtin_frame_address(0) % 16 != 0)
#else
#define SIGNAL_HANDLER
#define handler_is_misaligned() false
#endif

static inline void note_alignment(bool is_misaligned)
{
    if (is_misaligned)
        note("limit-signal-alignment: a handler's stack is aligned to 8 bytes, not to 16 (QEMU before 8.1)");
}
