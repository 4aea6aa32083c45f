// The result stream: TAP 14 with one YAML block per probe (README.md, "The result stream").
#pragma once

#include "probe.h"

enum verdict : uint32_t { VERDICT_OK, VERDICT_NOT_OK, VERDICT_SKIP };

// What the process that ran a probe sends to its parent, in one write of less than PIPE_BUF bytes.
struct record {
    enum verdict verdict;
    uint64_t proof;
    char expected[248], seen[248], note[248]; // printable ASCII
};
static_assert(sizeof(struct record) < 4096);

// How a probe ended, as its parent saw it.
struct ending {
    bool reported; // `record` came
    struct record record;
    bool timed_out;
    int status; // wait status where nothing was reported in time
    uint64_t duration_us;
};

uint64_t proof(const char *name, enum verdict verdict, const char *seen);

void tap_header(size_t count);
void tap_result(size_t number, const struct probe *probe, const struct ending *ending);
void print_catalogue(void);
