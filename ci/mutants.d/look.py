#!/usr/bin/env python3
"""look.py EMULATOR PROGRAM: runs the core catalogue under an emulator until a probe fails, and prints "failed NAME", "hung NAME..." or "dead". For inside.py: it needs a registry of its own.
A mutant that most of the catalogue would notice then costs no more than the first of it; what hangs is to be tried again, for a busy host is slow, too."""

import os
import select
import signal
import subprocess
import sys
import time

import trace

LIMIT_MS = 2000
# Two that hang say as much as all of them, and no result in so many seconds is no result.
MOST_HUNG, SILENCE = 2, 20


def results(program):
    """A name and whether it failed, hung or passed for each probe that ended, as it ends."""
    command = [program, "--nonce", "ab", "--jobs", "2", "--scratch", "/tmp", "--timeout-ms", str(LIMIT_MS), "--all"]
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError:
        return
    try:
        text, end = b"", time.monotonic() + SILENCE
        while True:
            ready, _, _ = select.select([process.stdout], [], [], max(0, end - time.monotonic()))
            data = os.read(process.stdout.fileno(), 1 << 16) if ready else b""
            if not data:
                return
            text, end = text + data, time.monotonic() + SILENCE
            while b"\n  ...\n" in text:
                result, text = text.split(b"\n  ...\n", 1)
                for line in result.split(b"\n"):
                    if line.startswith((b"ok ", b"not ok ")):
                        name = line.split(b" - ")[1].split(b" ")[0].decode()
                        yield name, "passed" if line.startswith(b"ok ") else "hung" if b"\n  timeout_ms:" in result else "failed"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main(emulator, program):
    trace.register(emulator)
    hung, seen = [], 0
    for name, what in results(program):
        seen += 1
        if what == "failed":
            print("failed " + name)
            return 0
        hung += [name] if what == "hung" else []
        if len(hung) == MOST_HUNG:
            break
    print("hung " + " ".join(hung) if hung else "dead" if seen < 100 else "passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
