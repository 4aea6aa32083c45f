"""accepts.py COMMAND...: runs a program that judges this host again and again, many side by side, and counts its verdicts.

  --part NAME      what the runs have in common, for the tally
  --count N        how many runs count
  --beside N       how many run at each moment. After the last that counts has begun others go on until it has ended: the load stays
  --groups A,B...  a cgroup for each of those that run side by side; each run enters its own
  --minutes M      after so long none begins that counts
  --tally FILE     a line is added for each run: part, status, seconds, what failed
  --sum FILE       runs nothing: prints for each part of a tally how often the verdict was false, with the exact 95 % bound (Clopper, Pearson)
Exit status: 0, or with --sum 1 where a run was falsely unfit.
"""
import argparse, json, math, os, signal, subprocess, sys, tempfile, threading, time


def below(k, n, p):
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


def bound(k, n):
    """The rate at which k or fewer of n come about once in twenty times."""
    low, high = 0.0, 1.0
    if k >= n:
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(k, n, middle) > 0.05 else (low, middle)
    return high


def total(path):
    parts = {}
    for line in open(path):
        part, status, seconds, _ = line.rstrip("\n").split("\t", 3)
        parts.setdefault(part, []).append((int(status), float(seconds)))
    unfit_ever = False
    for part, runs in parts.items():
        n, unfit = len(runs), sum(status == 1 for status, _ in runs)
        other = sum(status not in (0, 1) for status, _ in runs)
        times = sorted(seconds for _, seconds in runs)
        unfit_ever |= unfit > 0
        print(f"{part}: {unfit} of {n} falsely unfit (below {100 * bound(unfit, n):.2f} % with 95 % confidence), {other} undetermined "
              f"(below {100 * bound(other, n):.2f} %); {times[n // 2]:.0f} s each, at most {times[-1]:.0f} s")
    return 1 if unfit_ever else 0


class Pool:
    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.begun = self.open = 0
        self.fillers = set()
        self.end = time.monotonic() + 60 * options.minutes
        self.scratch = tempfile.mkdtemp()

    def work(self, slot):
        options = self.options
        report = f"{self.scratch}/{slot}.json"
        command = options.command + ["--report", f"json={report}"]
        if options.groups:
            command = ["sh", "-c", 'echo $$ >"$0/cgroup.procs"; exec "$@"', options.groups.split(",")[slot]] + command
        while True:
            with self.lock:
                counts = self.begun < options.count and time.monotonic() < self.end
                if counts:
                    self.begun += 1
                    self.open += 1
                elif self.open == 0:
                    return
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                if not counts:
                    self.fillers.add(process)
            started = time.monotonic()
            status = process.wait()
            with self.lock:
                self.fillers.discard(process)
                if counts:
                    self.open -= 1
                    self.tell(status, time.monotonic() - started, report)
                    if self.open == 0 and (self.begun == options.count or time.monotonic() >= self.end):
                        for filler in self.fillers:
                            filler.send_signal(signal.SIGTERM)

    def tell(self, status, seconds, report):
        words = ""
        if status != 0:
            try:
                checks = json.load(open(report))["checks"]
                bad = [f"{c['id']}@{c.get('venue')}: {c['detail']}" for c in checks if c["outcome"] in ("fail", "broken")]
                words = "; ".join(bad[:4]) + (f"; and {len(bad) - 4} more" if len(bad) > 4 else "")
            except (OSError, ValueError) as error:
                words = f"no report: {error}"
            print(f"  {self.options.part}: status {status} after {seconds:.0f} s: {words}", file=sys.stderr, flush=True)
        with open(self.options.tally, "a") as tally:
            tally.write(f"{self.options.part}\t{status}\t{seconds:.1f}\t{' '.join(words.split())}\n")

    def run(self):
        threads = [threading.Thread(target=self.work, args=(slot,)) for slot in range(self.options.beside)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for slot in range(self.options.beside):
            if os.path.exists(f"{self.scratch}/{slot}.json"):
                os.unlink(f"{self.scratch}/{slot}.json")
        os.rmdir(self.scratch)


parser = argparse.ArgumentParser()
for name in ("--part", "--groups", "--tally", "--sum"):
    parser.add_argument(name)
parser.add_argument("--count", type=int)
parser.add_argument("--beside", type=int)
parser.add_argument("--minutes", type=float, default=10_000)
parser.add_argument("command", nargs=argparse.REMAINDER)
options = parser.parse_args()
if options.sum:
    sys.exit(total(options.sum))
Pool(options).run()
