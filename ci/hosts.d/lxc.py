"""lxc.py PROGRAM...: executes a program as root of a system container: another id outside, and an empty registry that it may not write."""
import ctypes, os, sys

libc = ctypes.CDLL(None, use_errno=True)
NEWNS, NEWUSER, PRIVATE, RECURSIVE = 0x20000, 0x10000000, 1 << 18, 1 << 14


def check(result):
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def enter(lines):
    """Unshares. A child outside writes the maps."""
    ready, told = os.pipe(), os.pipe()
    own = os.getpid()
    if os.fork() == 0:
        os.read(ready[0], 1)
        for name in ("uid_map", "gid_map"):
            with open(f"/proc/{own}/{name}", "w") as file:
                file.write(lines)
        os.write(told[1], b"x")
        os._exit(0)
    check(libc.unshare(NEWNS | NEWUSER))
    os.write(ready[1], b"x")
    os.read(told[0], 1)
    os.wait()
    os.setgid(0)
    os.setuid(0)


enter("0 0 200000")
check(libc.mount(b"none", b"/", None, PRIVATE | RECURSIVE, None))
check(libc.mount(b"binfmt_misc", b"/proc/sys/fs/binfmt_misc", b"binfmt_misc", 0, None))
enter("0 100000 65536")
os.execvp(sys.argv[1], sys.argv[1:])
