#include "CRefusal.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int number_of_system_call(const char *name) {
  static const struct { const char *name; int number; } calls[] = {
    {"openat2", SYS_openat2}, {"clock_gettime", SYS_clock_gettime}, {"flock", SYS_flock}, {"pread64", SYS_pread64}, {"ftruncate", SYS_ftruncate}, {"lseek", SYS_lseek},
    {"fsync", SYS_fsync}, {"fdatasync", SYS_fdatasync}, {"read", SYS_read},
  };
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (strcmp(calls[i].name, name) == 0) return calls[i].number;
  return -1;
}

int refuse_system_call(int number, int error) {
  if (number < 0) return EINVAL;
  struct sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog whole = {.len = sizeof program / sizeof *program, .filter = program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0 ? 0 : errno;
}
