"""Readers of the host's own files, and of what programs print. Each makes an input of size n in the directory d, and says what reads it.

Files of the host are covered in a mount namespace of the run's own; only root can have one.
"""
import os, subprocess

PROBE = ["probe", "exec.static", "--venue", "direct", "--timeout", "20"]


def covered(command, *mounts):
    """A run with files of its own over the host's."""
    return dict(command=command, mounts=mounts)


def lines(path, n, line):
    with open(path, "w") as file:
        file.writelines(line(i) for i in range(n))
    return path


def subordinate_ids(n, d):
    path = lines(d + "/subuid", n, lambda i: f"u{i}:{100000 + i * 65536}:65536\n")
    return covered(PROBE, f"mount --bind {path} /etc/subuid", f"mount --bind {path} /etc/subgid")


def boot_rules(n, d):
    """Rules in binfmt.d, five hundred a file."""
    os.makedirs(d + "/binfmt.d")
    for i in range(0, n, 500):
        lines(f"{d}/binfmt.d/{i}.conf", min(500, n - i), lambda k: f":n{i + k}:M::x{k}::/bin/true:F\n")
    return covered(["handler", "list"], f"mkdir -p /etc/binfmt.d && mount --bind {d}/binfmt.d /etc/binfmt.d")


def mounts(n, d):
    """A namespace can have at most /proc/sys/fs/mount-max mounts, 100,000 by default. The kernel takes minutes of processor time to make and unmake them: no more than 20,000 are made."""
    os.makedirs(d + "/m")
    return covered(PROBE, f"python3 -c '{BIND}' {d}/m {min(n, 20000)}")


BIND = """
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
place = sys.argv[1].encode()
for _ in range(int(sys.argv[2])):
    if libc.mount(place, place, None, 4096, None): break
"""


def registered(n, d):
    """Entries in a registry of the run's own. Each takes some kilobytes of the kernel's memory; the kernel compares each program with all of them."""
    return dict(command=["handler", "list"], mounts=[f"python3 -c '{REGISTER}' {n}"], user=True)


REGISTER = """
import os, sys
if os.listdir("/proc/sys/fs/binfmt_misc") != ["register", "status"] and sorted(os.listdir("/proc/sys/fs/binfmt_misc")) != ["register", "status"]:
    sys.exit("this is not a registry of its own")
file = os.open("/proc/sys/fs/binfmt_misc/register", os.O_WRONLY)
for i in range(int(sys.argv[1])):
    os.write(file, b":n%d:M::q%d::/bin/true:" % (i, i))
"""


def printed(line):
    """What a program of the host prints, as a step of a scenario."""
    def make(n, d):
        with open(d + "/out", "w") as file:
            file.writelines(line(i) for i in range(n))
        with open(d + "/a.yaml", "w") as file:
            file.write("schema: assay.scenario/1\nname: a\ndescription: a\nsteps:\n"
                       f"  - {{run: [cat, {d}/out], image: host, name: s, contains: [{', '.join(['aab'] * 100)}], expect: {{outcome: fail}}}}\n")
        return ["run", d + "/a.yaml", "--no-record", "--journal", d + "/j"]
    return make


def repeated_output(n, d):
    """A program that prints n bytes, two hundred times."""
    with open(d + "/out", "w") as file:
        file.write("x" * n)
    with open(d + "/a.yaml", "w") as file:
        file.write("schema: assay.scenario/1\nname: a\ndescription: a\nsteps:\n"
                   f"  - {{run: [cat, {d}/out], image: host, name: s, repeat: 200}}\n")
    return ["run", d + "/a.yaml", "--no-record", "--journal", d + "/j"]


PRINTER = """#include <stdio.h>
int main(void) { printf("TAP version 14\\n"); for (long i = 0; i < %d; i++) printf(%s, i); return 0; }
"""


def stream(line):
    """What stands in a probe's place prints, in place of an emulator."""
    def make(n, d):
        with open(d + "/p.c", "w") as file:
            file.write(PRINTER % (n, line))
        subprocess.run(["cc", "-static", "-w", "-o", d + "/p", d + "/p.c"], check=True)
        return PROBE + ["--interpreter", d + "/p"]
    return make


READERS = {
    "program's lines": printed(lambda i: "aaa\n"), "output, 200 times": repeated_output,
    "TAP results": stream('"ok 1 - exec.static\\n"'), "TAP diagnostics": stream('"ok 1 - a\\n  ---\\n  k%ld: 1\\n  ...\\n"'),
    "TAP escapes": stream('"ok 1 - a\\n  ---\\n  k: \\"\\\\u0041\\\\n%ld\\"\\n"'),
    "subordinate ids": subordinate_ids, "boot's rules": boot_rules, "mounts": mounts, "registry's entries": registered,
}
# Readers that need no mounts.
FOR_ALL = {"program's lines", "output, 200 times"}
