// Runs probes: each in a process of its own, in a process group of its own, with a time limit.
#pragma once

#include "tap.h"

enum { MOST_PROBES = 512, MOST_JOBS = 16 };

// Runs `count` probes, `jobs` at a time, prints their results in order, and returns whether all are ok or skipped.
bool run_probes(const struct probe *const *probes, size_t count, unsigned jobs);

// In the process of a probe: runs it, sends its record to `fd`, ends. `directory` may be made for its files.
[[noreturn]] void run_here(const struct probe *probe, int fd, const char *directory);
const struct probe *current_probe(void);
void record_skipped(const struct probe *probe, struct record *to); // of a fact that exists on other machines only

// Runs once what all probes share: an emulator would otherwise translate it again in every child.
void warm_up(void);

enum { SCRATCH_PATH = 512 };
void scratch_name(char path[SCRATCH_PATH]); // a name of its own for the next probe's directory
void scratch_use(const char *directory);
void scratch_remove(const char *directory);
