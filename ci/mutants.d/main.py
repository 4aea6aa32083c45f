"""main.py: the steps of ci/mutants that follow what it fetches. See there."""

import argparse
import hashlib
import json
import os
import pickle
import signal
import subprocess
import sys
import time

import build
import described
import equal
import ledger
import run
import source
import subsystems

HERE = os.path.dirname(os.path.abspath(__file__))
# Real work reaches about a fifth of the places: so many more are built in.
SPARE = 6
# What fresh mutants should reach, and below what something is wrong: the first is not reached yet (docs/mutants.md).
GOAL, FLOOR = 0.85, 0.5
# Among so many mutants there is one emulator without a fault.
CONTROL = 25


def say(words):
    print("ci/mutants: " + words, file=sys.stderr, flush=True)


def places(arguments):
    """Every mutant that can be made; finding them takes half a minute, so they are kept for the same source and the same operators."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in source.FILES for path in source.glob.glob(os.path.join(arguments.source, pattern))) + \
            [os.path.join(HERE, name) for name in ("operators.py", "source.py", "subsystems.py", "subsystems.tsv")]:
        with open(path, "rb") as file:
            digest.update(file.read())
    record = os.path.join(arguments.place, "places-" + digest.hexdigest()[:16])
    if os.path.exists(record):
        with open(record, "rb") as file:
            return pickle.load(file)
    found = source.places(arguments.source)
    for old in source.glob.glob(os.path.join(arguments.place, "places-*")):
        os.remove(old)
    with open(record + ".new", "wb") as file:
        pickle.dump(found, file)
    os.replace(record + ".new", record)
    return found


def reached(arguments, emulator, name, root, command):
    """The numbers of the places that a command reaches under the emulator that remembers them."""
    seen = os.path.join(arguments.place, "reached-" + name)
    if os.path.exists(seen):
        os.remove(seen)
    # The file is made here, so that the directory need not be writable inside.
    open(seen, "wb").close()
    tracer = os.path.join(arguments.place, "tracer")
    build.patched(emulator.program, 0xFFFFFFFF, tracer)
    with open(os.path.join(arguments.place, name + ".log"), "wb") as log:
        subprocess.run([sys.executable, HERE + "/inside.py", "--writable", seen, sys.executable, HERE + "/trace.py", seen, tracer, root, *command],
                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=1800)
    with open(seen, "rb") as file:
        data = file.read()
    numbers = {index for index, byte in enumerate(data) if byte}
    if len(numbers) < 20:
        raise build.NotBuilt("%s reached next to nothing: %s/%s.log" % (name, arguments.place, name))
    return numbers


def choose(mutants, seen, count):
    """`count` of those that real work reaches, each subsystem as often as another, as far as there are any."""
    queues = {name: [mutant for mutant in mutants if mutant.subsystem == name and mutant.number in seen] for name in subsystems.NAMES}
    chosen = []
    while len(chosen) < count and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < count:
                chosen.append(queue.pop(0))
    return chosen


def emulator_with(arguments, found, remembered):
    """The emulator with the draw and the ledger's mutants built in, and these mutants. One that is there for the same seed, count, ledger and operators is taken."""
    emulator = build.Emulator(arguments.source, os.path.join(arguments.place, "emulator"), arguments.dependencies)
    pool = source.draw(found, arguments.count * SPARE, arguments.seed)
    present = {mutant.digest for mutant in pool}
    mutants = pool + [mutant for mutant in found if mutant.digest in remembered and mutant.digest not in present] + described.read(HERE + "/described.tsv", arguments.source)
    for number, mutant in enumerate(mutants, 1):
        mutant.number = number
    stamp = hashlib.sha256("\n".join("%d %s" % (mutant.number, mutant.digest) for mutant in mutants).encode()).hexdigest()
    record = os.path.join(arguments.place, "built.json")
    try:
        with open(record) as file:
            kept = json.load(file)
    except (OSError, ValueError):
        kept = {}
    if kept.get("stamp") == stamp and os.path.exists(emulator.program):
        held = set(kept["held"])
        left = [mutant for mutant in mutants if mutant.number in held]
    else:
        say("building one emulator with %d mutants" % len(mutants))
        begun = time.time()
        for name in ("built.json", "reached.json", "results.tsv"):
            if os.path.exists(os.path.join(arguments.place, name)):
                os.remove(os.path.join(arguments.place, name))
        left = emulator.make(mutants)
        with open(record, "w") as file:
            json.dump({"stamp": stamp, "held": [mutant.number for mutant in left]}, file)
        say("built in %d s; %d do not compile" % (time.time() - begun, len(mutants) - len(left)))
    return emulator, left, len(pool)


def traced(arguments, emulator):
    """What real work reaches, and what the catalogue does; kept with the emulator."""
    record = os.path.join(arguments.place, "reached.json")
    if not os.path.exists(record):
        say("tracing real work")
        begun = time.time()
        work = reached(arguments, emulator, "work", arguments.root, [HERE + "/work"])
        catalogue = reached(arguments, emulator, "catalogue", "/", [arguments.probe, "--nonce", "ab", "--jobs", "2", "--scratch", "/tmp", "--timeout-ms", "20000", "--all"])
        with open(record, "w") as file:
            json.dump({"work": sorted(work), "catalogue": sorted(catalogue)}, file)
        say("real work reached %d places, the catalogue %d, in %d s" % (len(work), len(catalogue), time.time() - begun))
    with open(record) as file:
        kept = json.load(file)
    return set(kept["work"]), set(kept["catalogue"])


class Control:
    """The emulator without a fault, judged like the others: whatever notices it is wrong."""

    number = 0

    def __init__(self, index):
        self.digest = "control-%s" % index


def judged(arguments, emulator, mutants):
    """What noticed each mutant, by its digest; in the end also whether a signal ended it. What was found out before is kept."""
    path = os.path.join(arguments.place, "results.tsv")
    program = hashlib.sha256(open(arguments.assay, "rb").read()).hexdigest()[:16]
    results = {}
    if os.path.exists(path):
        for line in open(path):
            words = line.rstrip("\n").split("\t")
            if len(words) == 3 and words[0] == program:
                results[words[1]] = [word for word in words[2].split(" ") if word]
    left = [mutant for mutant in mutants if mutant.digest not in results]
    if not left:
        return results, False
    small = os.path.join(arguments.place, "emulator/qemu-aarch64")
    subprocess.run(["strip", "-o", small, emulator.program], check=True)
    runner = run.Runner(small, arguments.assay, arguments.probe, os.path.join(arguments.place, "slots"))

    def ended(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, ended)
    for index in range(len(left) // CONTROL):
        left.insert(index * (CONTROL + 1), Control("%d-%d" % (len(results), index)))
    stopped = False
    say("judging %d emulators, each with one fault" % len(left))
    begun = time.time()
    try:
        runner.healthy()
        with open(path, "a") as file:
            def done(mutant, seen):
                results[mutant.digest] = seen
                file.write("%s\t%s\t%s\n" % (program, mutant.digest, " ".join(seen)))
                file.flush()
            runner.each(left, done)
            runner.each([mutant for mutant in left if arguments.remembered.get(mutant.digest) and not results[mutant.digest]], done)
    except KeyboardInterrupt:
        stopped = True
    finally:
        runner.stop()
    say("judged in %d s" % (time.time() - begun))
    return results, stopped


def table(rows, path):
    with open(path, "w") as file:
        file.write("subsystem\tplace\toperator\tfunction\tcase\tdigest\tcatalogue\n")
        for mutant, here in rows:
            file.write("\t".join([mutant.subsystem, "%s:%d" % (mutant.file, mutant.line), ("%s %s" % (mutant.operator, mutant.variant)).strip(), mutant.function, mutant.case, mutant.digest,
                                  "reached" if here else "not reached"]) + "\n")


def score(chosen, results, same):
    print("%-10s %8s %8s %6s" % ("subsystem", "mutants", "noticed", "score"))
    total = seen = 0
    for name in subsystems.NAMES:
        own = [mutant for mutant in chosen if mutant.subsystem == name and mutant.digest not in same]
        noticed = sum(bool(results[mutant.digest]) for mutant in own)
        total, seen = total + len(own), seen + noticed
        print("%-10s %8d %8d %5.0f%%" % (name, len(own), noticed, 100 * noticed / len(own) if own else 0))
    print("%-10s %8d %8d %5.1f%%" % ("all", total, seen, 100 * seen / total if total else 0))
    return seen / total if total else 0


def main():
    parser = argparse.ArgumentParser()
    for name in ("place", "source", "dependencies", "root", "assay", "seed"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--keep", action="store_true")
    arguments = parser.parse_args()
    os.makedirs(arguments.place + "/probe", exist_ok=True)
    subprocess.run(["tar", "-xf", os.path.join(HERE, "../../Sources/CImages/core-arm64.tar.zst"), "-C", arguments.place + "/probe"], check=True)
    arguments.probe = arguments.place + "/probe/bin/assay-probe"
    arguments.remembered = ledger.read(HERE + "/ledger.tsv")
    say("%d mutants, seed %s; %d in the ledger" % (arguments.count, arguments.seed, len(arguments.remembered)))
    found = places(arguments)
    say("%d mutants could be made" % len(found))
    emulator, mutants, drawn = emulator_with(arguments, found, arguments.remembered)
    work, catalogue = traced(arguments, emulator)
    # Not before the draw: another line there would be another draw, and another build.
    excluded = set(ledger.equivalents(HERE + "/equivalent"))
    pool = [mutant for mutant in mutants if mutant.number <= drawn and mutant.digest not in excluded]
    chosen = choose(pool, work, arguments.count)
    if len(chosen) < arguments.count:
        say("only %d of %d mutants are at places that real work reaches" % (len(chosen), arguments.count))
    old = [mutant for mutant in mutants if mutant.digest in arguments.remembered]
    gone = len(arguments.remembered) - len(old)
    named = [mutant for mutant in mutants if mutant.operator == "described"]
    # What was found to compile to the same code before costs nothing.
    results = {digest: [] for digest in equal.known_same(os.path.join(arguments.place, "same.tsv"))}
    kept = [mutant for mutant in {mutant.digest: mutant for mutant in named + chosen + old}.values() if mutant.digest not in results]
    seen, stopped = judged(arguments, emulator, kept)
    results.update(seen)

    controls = [digest for digest in results if digest.startswith("control-")]
    false = [digest for digest in controls if results[digest]]
    print("%d runs without a fault: %d noticed%s" % (len(controls), len(false), ": " + ", ".join(" ".join(results[digest]) for digest in false) if false else ""))
    if stopped:
        # They are judged in the order of the draw, so what was judged is a fair sample.
        print("ended early: %d of %d fresh mutants were judged" % (sum(mutant.digest in results for mutant in chosen), len(chosen)))
        chosen, named, old = ([mutant for mutant in mutants if mutant.digest in results] for mutants in (chosen, named, old))
    unnoticed = [mutant for mutant in chosen if not results[mutant.digest]]
    say("comparing the object code of %d that nothing noticed" % len(unnoticed))
    same = equal.same_code(emulator, unnoticed, os.path.join(arguments.place, "same.tsv"))
    survivors = [mutant for mutant in unnoticed if mutant.digest not in same]
    table([(mutant, mutant.number in catalogue) for mutant in survivors], os.path.join(arguments.place, "survivors.tsv"))
    print("%d fresh mutants, seed %s; %d of them compile to the same code and do not count" % (len(chosen), arguments.seed, len(same)))
    value = score(chosen, results, same)
    print("survivors: out/mutants/survivors.tsv")
    print("described: %d of %d noticed" % (sum(bool(results[mutant.digest]) for mutant in named), len(named)))
    for mutant in named:
        if not results[mutant.digest]:
            print("    not noticed: %s (%s)" % (mutant.variant, mutant.subsystem))
    lost = [mutant for mutant in old if not results[mutant.digest]]
    print("ledger: %d of %d noticed%s" % (len(old) - len(lost), len(old), "; %d are not in this source any more" % gone if gone else ""))
    for mutant in lost:
        print("REGRESSION %s in %s was noticed by %s, and is not any more" % (mutant.name(), mutant.function, arguments.remembered[mutant.digest]))
    if arguments.keep:
        ledger.add(HERE + "/ledger.tsv", [(mutant, results[mutant.digest]) for mutant in chosen + named if results[mutant.digest]])
    if value < GOAL:
        print("below the goal of %d %%" % (100 * GOAL))
    return 1 if lost or value < FLOOR else 2 if stopped else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (build.NotBuilt, described.Unfound, OSError, subprocess.SubprocessError) as error:
        say(str(error))
        sys.exit(2)
