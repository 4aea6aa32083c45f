"""Faults that are described by hand, in described.tsv: their places are found by names and digests, and none of the emulator's text is kept."""

import hashlib
import os
import re

import operators

# A system call's part, or a macro, is looked through for so many bytes.
CASE = 5000


class Unfound(Exception):
    pass


def read(path, tree):
    """A mutant a line, for the source in `tree`. Two of one place nest."""
    found = []
    with open(path) as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            subsystem, words, file, anchor, namesake, length, digest, which, replacement = line.rstrip("\n").split("\t")
            with open(os.path.join(tree, file), "rb") as source:
                text = source.read()
            start, end = region(text, anchor, int(namesake))
            starts = [start + match.start() for match in re.finditer(rb"\w+|\S", text[start:end])]
            starts = [at for at in starts if hashlib.sha256(text[at:at + int(length)]).hexdigest()[:16] == digest]
            if len(starts) < int(which):
                raise Unfound("%s, line %d: %s of %s has no such place" % (path, number, anchor, file))
            place = (starts[int(which) - 1], starts[int(which) - 1] + int(length))
            dropped = replacement == "drop"
            mutant = operators.Mutant(file, place, text.count(b"\n", 0, place[0]) + 1, "described", words, "" if dropped else replacement, anchor, "", text[place[0]:place[1]], dropped)
            mutant.subsystem = subsystem
            mutant.digest = hashlib.sha256(line.encode()).hexdigest()[:16]
            found.append(mutant)
    return found


def region(text, anchor, which):
    """A function's text, a macro's, or a system call's."""
    if anchor.startswith("TARGET_NR_"):
        # A call may stand there twice: for 32 bits, and last as it is here.
        begun = [match.start() for match in re.finditer(b"case " + anchor.encode() + b":", text)]
        begun = begun[-1:] if len(begun) > 1 and anchor.endswith("fadvise64") else begun[:1]
        return (begun[0], begun[0] + CASE) if begun else (0, 0)
    if anchor.startswith("define "):
        match = re.search(b"#" + anchor.encode(), text)
        return (match.start(), match.start() + CASE) if match else (0, 0)
    for match in re.finditer(rb"^[a-zA-Z][^;{}#]*?" + (anchor if anchor.endswith(")") else r"\b%s" % anchor).encode() + rb"\s*\([^;{}]*\)\s*\{", text, re.MULTILINE):
        which -= 1
        if which == 0:
            return match.start(), text.index(b"\n}", match.start())
    return 0, 0
