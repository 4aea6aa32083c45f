#ifndef CSANDBOX_INTERNAL_H
#define CSANDBOX_INTERNAL_H

#include "CSandbox.h"

// The monitor's descriptors after the first step; everything else is closed.
// FD_LEASE is only held; FD_GROUP is for the program to write itself into its cgroup.
enum { FD_REPORT = 3, FD_STATUS = 4, FD_LIFELINE = 5, FD_LEASE = 6, FD_GROUP = 7, FD_KEPT = 8 };

// Only async-signal-safe calls below: the parent may have had other threads.
int assay_map_identity(uid_t uid, gid_t gid);
int assay_enter_root(const struct assay_launch *launch, int32_t *proc_error, enum assay_stage *stage);
// Binds shown_root below an empty file system at shown_at.
int assay_show_root(const struct assay_launch *launch);
int assay_raise_loopback(void);
// Empties this process's argument and environment strings, and keeps others of the same user from looking into it.
// Its files in /proc belong to root afterwards: map the ids first.
int assay_hide_secrets(void);
// A confined program, in the order in which they are called: before the new root is entered; in the program's own
// process, which gives up where it fails; beside it in the monitor; in the program's process when it has its identity.
int assay_prepare_confinement(const struct assay_confinement *confinement);
void assay_confine(const struct assay_launch *launch);
void assay_map_program(const struct assay_confinement *confinement);
void assay_limit_capabilities(const struct assay_confinement *confinement);
[[noreturn]] void assay_program(const struct assay_launch *launch);
[[noreturn]] void assay_monitor(const struct assay_launch *launch, int32_t proc_error);
// A name of at most 15 characters, and NULs behind it. strncpy(3) is not async-signal-safe.
void assay_copy_call(char into[16], const char *call);
[[noreturn]] void assay_give_up(enum assay_stage stage, int error);

#endif
