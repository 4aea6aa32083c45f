#!/usr/bin/env python3
"""inside.py [--writable PATH]... COMMAND...: runs a command where a broken emulator can do no harm. It has user, mount, pid, ipc, uts and network namespaces of its own,
all ids, no right over the host's clock, modules or processes, and a root file system that is read-only but for a fresh /tmp, /var/tmp and /dev/shm and the writable paths.
All that it started ends with it. Needs root. Exit status: the command's; 2 where the namespaces could not be made."""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
PR_SET_PDEATHSIG, MOUNT_ATTR_RDONLY, AT_RECURSIVE, SYS_MOUNT_SETATTR = 1, 1, 0x8000, 442
LIBC = ctypes.CDLL(None, use_errno=True)


def checked(result, what):
    if result < 0:
        raise OSError(ctypes.get_errno(), what + ": " + os.strerror(ctypes.get_errno()))


def mount(source, target, kind, flags, options=None):
    checked(LIBC.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, options.encode() if options else None), "mount of " + target)


def prepare(writable):
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    for path in writable:
        mount(path, path, None, MS_BIND | MS_REC)
    # The whole tree at once: a mount point of the host must not be left out.
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY, 0, 0, 0)
    checked(LIBC.syscall(SYS_MOUNT_SETATTR, -100, b"/", AT_RECURSIVE, attributes, 32), "making / read-only")
    for path in writable:
        attributes = (ctypes.c_uint64 * 4)(0, MOUNT_ATTR_RDONLY, 0, 0)
        checked(LIBC.syscall(SYS_MOUNT_SETATTR, -100, path.encode(), AT_RECURSIVE, attributes, 32), "making %s writable" % path)
    for path, options in (("/tmp", "mode=1777,size=2g"), ("/var/tmp", "mode=1777,size=1g"), ("/dev/shm", "mode=1777,size=1g")):
        if not any(path == other or other.startswith(path + "/") for other in writable):
            mount("tmpfs", path, "tmpfs", 0, options)
    mount("proc", "/proc", "proc", 0)
    # Without a loopback what is said of TCP would be skipped.
    with socket.socket() as any_socket:
        request = fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", struct.unpack("16sh14x", request)[1] | IFF_UP))
    mount("binfmt_misc", "/proc/sys/fs/binfmt_misc", "binfmt_misc", 0)


def main(arguments):
    writable = []
    while arguments[:1] == ["--writable"]:
        writable.append(os.path.realpath(arguments[1]))
        arguments = arguments[2:]
    asked, answer = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            checked(LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET), "new namespaces")
            os.write(asked[1], b"x")
            if os.read(answer[0], 1) != b"x":
                os._exit(2)
            for descriptor in asked + answer:
                os.close(descriptor)
            os.setgid(0)
            os.setuid(0)
            first = os.fork()
            if first == 0:
                LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                prepare(writable)
                # As process 1 a program that is to end by a signal does not end.
                second = os.fork()
                if second == 0:
                    os.setsid()
                    os.execvp(arguments[0], arguments)
                while True:
                    process, status = os.wait()
                    if process == second:
                        os._exit(os.waitstatus_to_exitcode(status) % 256)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]) % 256)
        except OSError as error:
            os.write(2, ("inside.py: %s\n" % error).encode())
            os._exit(2)
    os.close(asked[1])
    if os.read(asked[0], 1) == b"x":
        for name in ("uid_map", "gid_map"):
            with open("/proc/%d/%s" % (child, name), "w") as file:
                file.write("0 0 4294967295\n")
        os.write(answer[1], b"x")
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
