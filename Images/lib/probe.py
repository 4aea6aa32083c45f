"""What probes in Python share (Images/core/README.md, "Programs")."""

import os
import sys


def answer():
    """Prints the nonce backwards."""
    print("done: " + os.environ["ASSAY_NONCE"][::-1], flush=True)


def fail(expected, seen):
    """Ends the probe: what specification demands, and what came."""
    print(f"expected: {expected}\nseen: {seen}")
    answer()
    sys.exit(1)


def expect(what, seen, expected):
    """Fails unless both are equal."""
    if seen != expected:
        fail(f"{what} = {expected!r}", repr(seen))
