"""Mutants of a source tree: which there are, a draw of them, and the tree with a draw built in, each behind a condition."""

import glob
import os
import random
import re

import operators
import subsystems

# What runs in qemu-aarch64; the other half of target/arm is for 32 bits or for whole machines.
FILES = ["linux-user/*.c", "linux-user/aarch64/*.c", "target/arm/translate-a64.c", "target/arm/translate-sve.c", "target/arm/translate.c", "target/arm/vec_helper.c",
         "target/arm/helper-a64.c", "target/arm/sve_helper.c", "target/arm/crypto_helper.c", "target/arm/vfp_helper.c", "target/arm/neon_helper.c", "target/arm/op_helper.c",
         "target/arm/helper.c", "target/arm/cpu64.c", "target/arm/cpu.c", "target/arm/pauth_helper.c", "target/arm/mte_helper.c", "target/arm/tlb_helper.c",
         "tcg/*.c", "tcg/i386/*.inc", "accel/tcg/*.c", "accel/tcg/*.inc", "accel/tcg/atomic_template.h", "fpu/*.c", "fpu/*.inc", "crypto/aes.c"]
LEFT_OUT = re.compile(r"linux-user/(strace|vm86|flatload|semihost|gen-vdso)|tcg/tci|accel/tcg/(plugin-gen|perf|tcg-all|hmp|cputlb|monitor|icount|tcg-accel-ops)")


def places(tree):
    """Every mutant of the tree with its subsystem, in the order of the files."""
    found = []
    for pattern in FILES:
        for path in sorted(glob.glob(os.path.join(tree, pattern))):
            file = os.path.relpath(path, tree)
            if LEFT_OUT.search(file):
                continue
            with open(path, "rb") as source:
                for mutant in operators.Reader(file, source.read()).read():
                    mutant.subsystem = subsystems.subsystem(mutant.file, mutant.function, mutant.case)
                    if mutant.subsystem:
                        found.append(mutant)
    return found


def draw(found, count, seed):
    """`count` mutants in an order at random: each subsystem as often as another, and in it each operator, as long as there are any."""
    chance = random.Random(seed)
    groups = {}
    for mutant in found:
        groups.setdefault(mutant.subsystem, {}).setdefault(mutant.operator, []).append(mutant)
    for group in groups.values():
        for mutants in group.values():
            chance.shuffle(mutants)
    drawn = []
    while groups and len(drawn) < count:
        for name in sorted(groups):
            group = groups[name]
            operator = chance.choice(sorted(group))
            drawn.append(group[operator].pop())
            if not group[operator]:
                del group[operator]
            if not group:
                del groups[name]
    return drawn[:count]


def build_in(source, mutants):
    """The text with its mutants, each with its `number`, behind conditions. Lines keep their numbers."""
    tables = [mutant for mutant in mutants if isinstance(mutant, operators.Table)]
    by_range = {}
    for mutant in mutants:
        if not isinstance(mutant, operators.Table):
            by_range.setdefault((mutant.start, mutant.end), []).append(mutant)
    for start, end in {(mutant.start, mutant.end) for mutant in tables}:
        by_range.setdefault((start, end), [])
    text = render(source, 0, len(source), sorted(by_range, key=lambda place: (place[0], -place[1])), by_range)
    if tables:
        rows = " ".join("if (MUTANT(%d)) { %s }" % (mutant.number, mutant.replacement) for mutant in tables)
        text += ("\n__attribute__((constructor)) static void mutant_tables(void) { %s }\n" % rows).encode()
    return text


def render(source, start, end, places_within, by_range):
    made, at, index = [], start, 0
    while index < len(places_within):
        place = places_within[index]
        inner = index + 1
        while inner < len(places_within) and places_within[inner][0] < place[1]:
            inner += 1
        text = render(source, place[0], place[1], places_within[index + 1:inner], by_range)
        made += [source[at:place[0]], wrapped(text, by_range[place], operators.flat(source[place[0]:place[1]]).encode())]
        at, index = place[1], inner
    return b"".join(made) + source[at:end]


def wrapped(text, mutants, original):
    if not mutants:
        # A table whose rows change is not constant.
        return re.sub(rb"\bconst\b", b"", text, count=1)
    for mutant in mutants:
        number = str(mutant.number).encode()
        if mutant.statement:
            text = b"{ if (!MUTANT(" + number + b")) { " + text + b" } }"
        else:
            # Of another type the fault would change the type, and so the value, of what is right.
            kind = b"" if re.match(r"^\w+$", mutant.replacement) else b"(__typeof__(" + original + b"))"
            text = b"(MUTANT(" + number + b") ? " + kind + b"(" + mutant.replacement.encode() + b") : (" + text + b"))"
    return text
