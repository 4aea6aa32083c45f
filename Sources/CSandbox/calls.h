#ifndef CSANDBOX_CALLS_H
#define CSANDBOX_CALLS_H

// Include this last: each system call below notes its name in `assay_call`, for the report of a failure. Only for a
// child, or a process with one thread.
extern const char *assay_call;
#define CALLED(name, ...) (assay_call = (name), __VA_ARGS__)

#define chdir(...) CALLED("chdir", chdir(__VA_ARGS__))
#define dup3(...) CALLED("dup3", dup3(__VA_ARGS__))
#define execve(...) CALLED("execve", execve(__VA_ARGS__))
#define fchdir(...) CALLED("fchdir", fchdir(__VA_ARGS__))
#define fcntl(...) CALLED("fcntl", fcntl(__VA_ARGS__))
#define fork() CALLED("clone", fork())
#define getresgid(...) CALLED("getresgid", getresgid(__VA_ARGS__))
#define getresuid(...) CALLED("getresuid", getresuid(__VA_ARGS__))
#define lstat(...) CALLED("newfstatat", lstat(__VA_ARGS__))
#define mkdir(...) CALLED("mkdir", mkdir(__VA_ARGS__))
#define mkdirat(...) CALLED("mkdirat", mkdirat(__VA_ARGS__))
#define mount(...) CALLED("mount", mount(__VA_ARGS__))
#define open(...) CALLED("openat", open(__VA_ARGS__))
#define openat(...) CALLED("openat", openat(__VA_ARGS__))
#define pipe2(...) CALLED("pipe2", pipe2(__VA_ARGS__))
#define prctl(...) CALLED("prctl", prctl(__VA_ARGS__))
#define read(...) CALLED("read", read(__VA_ARGS__))
#define signalfd(...) CALLED("signalfd4", signalfd(__VA_ARGS__))
#define statvfs(...) CALLED("statfs", statvfs(__VA_ARGS__))
#define symlink(...) CALLED("symlink", symlink(__VA_ARGS__))
#define umount2(...) CALLED("umount2", umount2(__VA_ARGS__))
#define unshare(...) CALLED("unshare", unshare(__VA_ARGS__))
#define vfork() CALLED("vfork", vfork())
#define wait4(...) CALLED("wait4", wait4(__VA_ARGS__))
#define write(...) CALLED("write", write(__VA_ARGS__))
// syscall(SYS_name, ...) notes "name".
#define syscall(number, ...) CALLED(&#number[sizeof "SYS_" - 1], syscall(number, __VA_ARGS__))

#endif
