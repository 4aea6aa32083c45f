// Error numbers (include/uapi/asm-generic/errno.h), with their names.
#pragma once

#define ERRORS(X)                                                                                                      \
    X(EPERM, 1) X(ENOENT, 2) X(ESRCH, 3) X(EINTR, 4) X(EIO, 5) X(ENXIO, 6) X(E2BIG, 7) X(ENOEXEC, 8) X(EBADF, 9)        \
    X(ECHILD, 10) X(EAGAIN, 11) X(ENOMEM, 12) X(EACCES, 13) X(EFAULT, 14) X(EBUSY, 16) X(EEXIST, 17) X(EXDEV, 18)       \
    X(ENODEV, 19) X(ENOTDIR, 20) X(EISDIR, 21) X(EINVAL, 22) X(ENFILE, 23) X(EMFILE, 24) X(ENOTTY, 25) X(ETXTBSY, 26)   \
    X(EFBIG, 27) X(ENOSPC, 28) X(ESPIPE, 29) X(EROFS, 30) X(EMLINK, 31) X(EPIPE, 32) X(EDOM, 33) X(ERANGE, 34)          \
    X(EDEADLK, 35) X(ENAMETOOLONG, 36) X(ENOSYS, 38) X(ENOTEMPTY, 39) X(ELOOP, 40) X(ENODATA, 61) X(EOVERFLOW, 75)      \
    X(ENOTSOCK, 88) X(EPROTONOSUPPORT, 93) X(EOPNOTSUPP, 95) X(EAFNOSUPPORT, 97) X(EADDRINUSE, 98)                      \
    X(EADDRNOTAVAIL, 99) X(ENETDOWN, 100) X(ENETUNREACH, 101) X(ECONNRESET, 104) X(ETIMEDOUT, 110)                      \
    X(ECONNREFUSED, 111) X(EINPROGRESS, 115) X(EDQUOT, 122) X(ECANCELED, 125) X(EOWNERDEAD, 130)

#define X(NAME, NUMBER) NAME = NUMBER,
enum { ERRORS(X) };
#undef X
