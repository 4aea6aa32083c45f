#ifndef CSANDBOX_INTERNAL_H
#define CSANDBOX_INTERNAL_H

#include "CSandbox.h"

// The monitor's descriptors after the first step; everything else is closed.
enum { FD_REPORT = 3, FD_STATUS = 4, FD_LIFELINE = 5, FD_KEPT = 6 };

// Only async-signal-safe calls below: the parent may have had other threads.
int assay_map_identity(uid_t uid, gid_t gid);
int assay_enter_root(const char *root, bool own_pids, bool writable, int32_t *proc_error, enum assay_stage *stage);
int assay_raise_loopback(void);
// Empties this process's argument and environment strings, and keeps others of the same user from looking into it.
// Its files in /proc belong to root afterwards: map the ids first.
int assay_hide_secrets(void);
[[noreturn]] void assay_monitor(const struct assay_launch *launch, int32_t proc_error);
[[noreturn]] void assay_give_up(enum assay_stage stage, int error);

#endif
