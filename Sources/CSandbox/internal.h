#ifndef CSANDBOX_INTERNAL_H
#define CSANDBOX_INTERNAL_H

#include "CSandbox.h"

// The monitor's descriptors after the first step; all others are closed.
// FD_LEASE is only held open. Through FD_GROUP the program joins its cgroup.
enum { FD_REPORT = 3, FD_STATUS = 4, FD_LIFELINE = 5, FD_LEASE = 6, FD_GROUP = 7, FD_KEPT = 8 };

// Everything below makes only async-signal-safe calls: the parent may have had other threads.
// The caller becomes root of its new user namespace; or the id `inside`, which is 0 or 1.
int assay_map_identity(uid_t uid, gid_t gid);
int assay_map_identity_to(int inside, uid_t uid, gid_t gid);
int assay_enter_root(const struct assay_launch *launch, int32_t *proc_error, enum assay_stage *stage);
// Covers shown_at with an empty file system, and binds shown_root as `root` below it.
int assay_show_root(const struct assay_launch *launch);
int assay_raise_loopback(void);
// Clears this process's argument and environment strings, and makes it undumpable: other processes of the same user
// cannot look into it.
// Root owns its files in /proc afterwards, so map the ids first.
int assay_hide_secrets(void);
// For a confined program, in this order:
// - prepare: before the new root is entered
// - confine: in the program's own process, which gives up on failure
// - map: in the monitor, meanwhile
// - limit: in the program's process, once it has its identity
int assay_prepare_confinement(const struct assay_confinement *confinement);
void assay_confine(const struct assay_launch *launch);
void assay_map_program(const struct assay_confinement *confinement);
void assay_limit_capabilities(const struct assay_confinement *confinement);
[[noreturn]] void assay_program(const struct assay_launch *launch);
[[noreturn]] void assay_monitor(const struct assay_launch *launch, int32_t proc_error);
// Copies at most 15 characters of a name, and fills up with NULs. strncpy(3) is not async-signal-safe.
void assay_copy_call(char into[16], const char *call);
[[noreturn]] void assay_give_up(enum assay_stage stage, int error);

#endif
