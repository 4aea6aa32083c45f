"""What assay says of an emulator with one fault, each in namespaces and under a limit of memory."""

import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import build

HERE = os.path.dirname(os.path.abspath(__file__))
# The bound on an emulator that hangs everywhere: so many healthy runs on this host as busy as it is, and at least so many seconds.
PATIENCE_RUNS, PATIENCE = 20, 90
HEALTHY_PATIENCE = 600
# In seconds: assay tries what hangs again, alone, with ten times its limit.
SHORT = "0.7"
MEMORY = 3 << 30
PROCESSES = 3000
SLUG = re.compile(r"\b(limit-[a-z0-9-]+)(: [^:(]*)?")


class Cgroup:
    """A group with a limit of memory and of processes, of version 2 or 1; without any, each process has a limit on its data."""

    def __init__(self, name):
        self.directories = []
        root = "/sys/fs/cgroup"
        # A limit that cannot be set is no limit: then the directory goes.
        unified = [("", {"memory.max": MEMORY, "pids.max": PROCESSES, "memory.swap.max": 0})]
        split = [("memory", {"memory.limit_in_bytes": MEMORY}), ("pids", {"pids.max": PROCESSES})]
        for controller, limits in unified if os.path.exists(root + "/cgroup.controllers") else split:
            place = os.path.join(root, controller, name)
            try:
                os.mkdir(place)
                for key, value in limits.items():
                    if key != "memory.swap.max" or os.path.exists(os.path.join(place, key)):
                        write(os.path.join(place, key), str(value))
                self.directories.append(place)
            except OSError:
                if os.path.isdir(place):
                    os.rmdir(place)

    def enter(self):
        for place in self.directories:
            write(place + "/cgroup.procs", str(os.getpid()))
        if not self.directories:
            import resource
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    def remove(self):
        for place in self.directories:
            for _ in range(50):
                try:
                    os.rmdir(place)
                    break
                except OSError:
                    threading.Event().wait(0.1)


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


class Said:
    """What a report says that a healthy one need not: the verdict, checks that are not ok, findings, known limits."""

    def __init__(self, verdict, words, first):
        self.verdict, self.words, self.first = verdict, words, first


def read(report):
    words, first = set(), []
    for check in report["checks"]:
        if check["outcome"] in ("fail", "broken", "flaky"):
            words.add("%s %s" % (check["outcome"], check["id"]))
            first.append(check["id"])
        for slug, rest in SLUG.findall(check.get("detail") or ""):
            # Calls that are refused are named behind it.
            words |= {"%s %s" % (slug, word) for word in rest[2:].split(", ")} if slug == "limit-calls" else {slug}
    words |= {"finding " + finding["code"] for finding in report["findings"]}
    return Said(report["verdict"], words, list(dict.fromkeys(first)))


class Runner:
    """`probe`: the program of the core catalogue."""

    def __init__(self, program, assay, probe, scratch, jobs=2):
        self.program, self.assay, self.probe, self.scratch, self.jobs = program, assay, probe, scratch, jobs
        self.running, self.stopped, self.patience = set(), False, HEALTHY_PATIENCE
        self.lock = threading.Lock()

    def emulator(self, number, slot):
        place = os.path.join(self.scratch, "slot-%d" % slot)
        os.makedirs(place, exist_ok=True)
        path = os.path.join(place, "qemu-aarch64")
        build.patched(self.program, number, path)
        return path

    def inside(self, slot, *command):
        """What a command prints in namespaces and a cgroup; empty where it did not end in time."""
        group = Cgroup("assay-mutants-%d-%d" % (os.getpid(), slot))
        environment = {key: os.environ[key] for key in ("PATH", "ASSAY_IMAGES") if key in os.environ}
        with subprocess.Popen([sys.executable, "-B", os.path.join(HERE, "inside.py"), *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                              env=dict(environment, HOME="/tmp", LC_ALL="C"), preexec_fn=group.enter, start_new_session=True, cwd="/") as process:
            with self.lock:
                self.running.add(process)
            try:
                out, _ = process.communicate(timeout=self.patience)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                out = b""
            with self.lock:
                self.running.discard(process)
        group.remove()
        return out

    def judge(self, emulator, slot, *options):
        """The report on an emulator; None where there was none in time."""
        out = self.inside(slot, self.assay, "accept", "--builder", "none", "--interpreter", emulator, "--fail-fast", "--format", "json", *options)
        try:
            return read(json.loads(out))
        except (ValueError, KeyError):
            return None

    def healthy(self, times=4):
        """What assay says of the same emulator without a fault, in any of several runs."""
        words, longest, emulator = set(), 0, self.emulator(0, 0)
        for _ in range(times):
            seen = self.look(emulator, 0)
            if seen[0] != "passed":
                raise build.NotBuilt("without a fault the emulator's catalogue does not pass: " + " ".join(seen))
            begun = time.monotonic()
            said = self.judge(emulator, 0)
            if said is None or said.verdict != "fit":
                raise build.NotBuilt("without a fault the emulator is not fit: %s" % (", ".join(said.first) if said else "no report"))
            words |= said.words
            longest = max(longest, time.monotonic() - begun)
        self.words, self.patience = words, max(PATIENCE, PATIENCE_RUNS * longest)

    def look(self, emulator, slot):
        """What look.py says: the first probe that fails, those that hang, or that all pass."""
        return self.inside(slot, sys.executable, "-B", os.path.join(HERE, "look.py"), emulator, self.probe).decode().split() or ["dead"]

    def noticed(self, mutant, slot):
        """By what a mutant is noticed: probes that fail, or else findings and limits; empty where it is not."""
        emulator = self.emulator(mutant.number, slot)
        what, *probes = self.look(emulator, slot)
        if probes:
            # What hung is tried again by accept with ten times the limit.
            said = self.judge(emulator, slot, "--filter", probes[0], *(("--timeout", SHORT) if what == "hung" else ()))
            if said is not None and said.verdict == "unfit" and said.first:
                return said.first[:4]
        said = self.judge(emulator, slot)
        if said is None:
            return ["no-report"]
        more = sorted(said.words - self.words)
        if said.first and (said.verdict != "fit" or more):
            return said.first[:4]
        if more or said.verdict != "fit":
            return [word.replace(" ", ":") for word in more[:4]] or [said.verdict]
        return []

    def each(self, mutants, done):
        """Judges them, `jobs` at a time, and calls `done` with each and what noticed it."""
        slots = list(range(self.jobs))

        def one(mutant):
            with self.lock:
                if self.stopped:
                    return
                slot = slots.pop()
            try:
                seen = self.noticed(mutant, slot)
            finally:
                with self.lock:
                    slots.append(slot)
            with self.lock:
                if not self.stopped:
                    done(mutant, seen)

        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            try:
                for future in [pool.submit(one, mutant) for mutant in mutants]:
                    future.result()
            except BaseException:
                self.kill()
                raise

    def kill(self):
        self.stopped = True
        for process in list(self.running):
            os.killpg(process.pid, signal.SIGKILL)

    def stop(self):
        self.kill()
        shutil.rmtree(self.scratch, ignore_errors=True)
