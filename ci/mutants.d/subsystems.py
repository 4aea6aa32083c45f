"""Which subsystem of an emulator a place of its source belongs to: `subsystems.tsv`."""

import fnmatch
import os
import re

RULES = []
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "subsystems.tsv")) as lines:
    for line in lines:
        if not line.startswith("#"):
            name, files, words = line.rstrip("\n").split("\t")
            RULES.append((name, files.split("|"), re.compile("^" + words + "$")))
NAMES = list(dict.fromkeys(rule[0] for rule in RULES))


def subsystem(file, function, case):
    """None where no rule matches."""
    for name, files, words in RULES:
        # The case of a switch says more than the function: all system calls are one function.
        if any(fnmatch.fnmatchcase(file, pattern) for pattern in files) and words.match(case if case.startswith("TARGET_NR_") else function + " " + case):
            return name
    return None
