"""The ledger: mutants that were noticed once. And those that are proven to change nothing. No text of the emulator is in either."""

import os

HEADER = "subsystem\tplace\toperator\tfunction\tdigest\tnoticed by\n"


def read(path):
    """What noticed each, by its digest."""
    if not os.path.exists(path):
        return {}
    with open(path) as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if line != HEADER]
    return {row[4]: row[5] for row in rows}


def add(path, noticed):
    rows = []
    if os.path.exists(path):
        with open(path) as lines:
            rows = [line for line in lines if line != HEADER]
    known = {row.split("\t")[4] for row in rows}
    for mutant, seen in noticed:
        # What gives no report in time may be noticed tomorrow, or not.
        if mutant.digest not in known and seen != ["no-report"]:
            function = mutant.case if mutant.case.startswith("TARGET_NR_") else mutant.function
            rows.append("\t".join([mutant.subsystem, "%s:%d" % (mutant.file, mutant.line), ("%s %s" % (mutant.operator, mutant.variant)).strip(), function, mutant.digest, " ".join(seen[:2])]) + "\n")
    with open(path + ".new", "w") as file:
        file.write(HEADER + "".join(sorted(rows)))
    os.replace(path + ".new", path)


def equivalents(path):
    """Digests of mutants that change nothing that a program could see, each with the reason behind it."""
    with open(path) as lines:
        return [line.split("\t")[0] for line in lines if line.strip() and not line.startswith("#")]
