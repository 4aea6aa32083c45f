"""refuse.py ERRNO CALL,CALL... PROGRAM...: executes a program to which a filter of system calls answers with that errno. x86-64."""
import ctypes, errno, os, struct, sys

NUMBERS = {"mount": 165, "unshare": 272, "pivot_root": 155, "openat2": 437, "clone3": 435, "close_range": 436,
           "faccessat2": 439, "pidfd_open": 434, "memfd_create": 319, "prctl": 157, "statx": 332, "setns": 308,
           "pidfd_send_signal": 424, "landlock_create_ruleset": 444, "mount_setattr": 442, "open_tree": 428}
number, calls, program = getattr(errno, sys.argv[1]), sys.argv[2].split(","), sys.argv[3:]
code = [(0x20, 0, 0, 0)]  # load seccomp_data.nr
for call in calls:
    code += [(0x15, 0, 1, NUMBERS[call]), (0x06, 0, 0, 0x00050000 | number)]  # if equal: SECCOMP_RET_ERRNO
code.append((0x06, 0, 0, 0x7fff0000))  # SECCOMP_RET_ALLOW
text = b"".join(struct.pack("HBBI", *line) for line in code)
buffer = ctypes.create_string_buffer(text)
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
filtered = Program(len(code), ctypes.addressof(buffer))
libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
if os.geteuid() != 0 and libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
    raise OSError(ctypes.get_errno(), "prctl")
if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filtered), 0, 0) != 0:
    raise OSError(ctypes.get_errno(), "prctl")
os.execvp(program[0], program)
