#!/usr/bin/env python3
"""Types a line and TAB in a shell's own terminal, and prints the line as it is then.

usage: typist.py zsh|fish LINE    in a directory of its own; assay is in PATH
Exit status: 0 printed, 1 the shell did not answer in half a minute.
"""
import os
import pty
import select
import signal
import sys
import time

SHELLS = {
    "zsh": (
        ["zsh", "-f", "-i"],
        "assay completions zsh >_assay; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; "
        "told() { print -r -- \"$BUFFER\" >told.new; mv told.new told }; zle -N told; bindkey '^X' told; "
        "bindkey '^I' complete-word; touch ready\n",
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "assay completions fish | source; bind \\cx 'commandline >told.new; mv told.new told'; touch ready\n",
    ),
}


def wait_for(terminal, name):
    """Reads what the shell shows until the file is there: a shell stops where nobody reads."""
    end = time.monotonic() + 30
    shown = b""
    while not os.path.exists(name):
        if time.monotonic() > end:
            sys.exit(f"typist.py: no {name} after half a minute; the terminal shows {shown[-2000:]!r}")
        if select.select([terminal], [], [], 0.05)[0]:
            shown += os.read(terminal, 65536)


def main():
    command, setup = SHELLS[sys.argv[1]]
    for name in ("ready", "told"):
        if os.path.exists(name):
            os.unlink(name)
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execvp(command[0], command)
    try:
        os.write(terminal, setup.encode())
        wait_for(terminal, "ready")
        os.write(terminal, sys.argv[2].encode() + b"\t\x18")
        wait_for(terminal, "told")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with open("told", encoding="utf-8") as file:
        print(file.read().rstrip("\n"))


main()
