"""Which mutants compile to the same code as the file without them: those cannot be noticed, and do not count."""

import concurrent.futures
import hashlib
import os
import re
import subprocess


def users(emulator):
    """Which compiled files read a file, by ninja's own record."""
    said = subprocess.run(["ninja", "-C", emulator.build, "-t", "deps"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()
    found, target = {}, None
    for line in said.splitlines():
        if line and not line.startswith(" "):
            target = line.split(":")[0]
        elif line.strip():
            found.setdefault(os.path.normpath(os.path.join(emulator.build, line.strip())), []).append(target)
    return found


def assembly(command, directory, number):
    """The digest of what a command compiles to, with one fault or none; -O1 suffices, and takes half the time."""
    words = re.sub(r" -M[DQF]( \S+)?| -MF \S+| -o \S+", "", command)
    words = re.sub(r" -MQ \S+", "", words).replace(" -c ", " -S ") + " -O1 -g0 -o - -DMUTANT_ALONE=%d" % number
    result = subprocess.run(words, shell=True, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return hashlib.sha256(result.stdout).hexdigest() if result.returncode == 0 else "failed %d" % number


def known_same(record):
    """The digests that `record` has as the same."""
    if not os.path.exists(record):
        return set()
    with open(record) as lines:
        return {digest for digest, what in map(str.split, lines) if what == "same"}


def same_code(emulator, mutants, record):
    """The digests of those mutants. `record` keeps what was found out."""
    known = {}
    if os.path.exists(record):
        with open(record) as lines:
            known = dict(line.split() for line in lines)
    commands = emulator.commands()
    read_by = users(emulator)
    left = [mutant for mutant in mutants if mutant.digest not in known]

    def compiled(mutant):
        targets = read_by.get(os.path.join(emulator.tree, mutant.file), [])
        entries = [commands[target] for target in targets if target in commands]
        return entries

    base = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        needed = {entry for mutant in left for entry in compiled(mutant)}
        for entry, digest in zip(needed, pool.map(lambda entry: assembly(*entry, 0), needed)):
            base[entry] = digest

        def check(mutant):
            entries = compiled(mutant)
            return bool(entries) and all(assembly(*entry, mutant.number) == base[entry] for entry in entries)

        with open(record, "a") as file:
            for mutant, equal in zip(left, pool.map(check, left)):
                known[mutant.digest] = "same" if equal else "other"
                file.write("%s %s\n" % (mutant.digest, known[mutant.digest]))
                file.flush()
    return {mutant.digest for mutant in mutants if known[mutant.digest] == "same"}
