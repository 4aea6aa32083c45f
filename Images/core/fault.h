// A handler that records a synchronous signal and goes on at fault_resume, which returns from the function that
// faulted. Only for fault_load, fault_store and functions without a frame of their own ([[gnu::naked]]).
#pragma once

#include "probe.h"

extern volatile struct fault {
    int count, signal, code;
    uint64_t address, pc;
} fault_seen;

void fault_catch(int signal);
// One fault came since the last call, with these particulars.
void expect_fault(const char *what, int signal, int code, uint64_t address, uint64_t pc);
