"""Readers of scenarios, saved reports, journals and the history. Each makes an input of size n in the directory d, and says what reads it."""
import hashlib, json, os, sqlite3, subprocess
from formats import END, LINKER, tar

FORMS = ["console", "json", "junit", "tap", "github", "prometheus", "html"]


def scenario(path, steps, more="", name="a"):
    with open(path, "w") as file:
        file.write(f"schema: assay.scenario/1\nname: {name}\ndescription: a\n{more}steps:\n")
        file.writelines(steps)
    return path


STEP = "  - {run: /bin/true, image: host, name: s}\n"


def yaml_keys(n, d):
    return ["run", "--dry-run", scenario(d + "/a.yaml", [STEP], "".join(f"k{i}: 1\n" for i in range(n)))]


def yaml_steps(n, d):
    """Each needs the one behind it."""
    return ["run", "--dry-run", scenario(d + "/a.yaml", (
        f"  - {{run: /bin/true, image: host, name: s{i}{f', needs: s{i + 1}' if i + 1 < n else ''}}}\n" for i in range(n)))]


def yaml_needs(n, d):
    """The last step needs all others, and one more."""
    others = [f"  - {{run: /bin/true, image: host, name: s{i}}}\n" for i in range(n)]
    needs = ", ".join(f"s{i}" for i in range(n))
    return ["run", "--dry-run", scenario(d + "/a.yaml", others + [f"  - {{run: /bin/true, image: host, name: last, needs: [{needs}]}}\n"])]


def yaml_depth(n, d):
    return ["run", "--dry-run", scenario(d + "/a.yaml", [STEP], "tags: " + "[" * n + "]" * n + "\n")]


def yaml_patterns(n, d):
    return ["run", "--dry-run", scenario(d + "/a.yaml", ["  - probe:\n"] + [f"    - exec.*{'*' * (i % 3)}c\n" for i in range(n)] + ["    name: s\n"])]


def yaml_matrix(n, d):
    """n combinations, of images that are not there."""
    side = max(1, round(n ** 0.5))
    images = ", ".join(f"./i{i}" for i in range(side))
    return ["run", "--dry-run", scenario(d + "/a.yaml", [f"  - {{probe: exec.static, name: s{i}}}\n" for i in range(max(1, n // side))],
                                         f"matrix:\n  image: [{images}]\n")]


def scenario_files(n, d):
    """n steps, in files of a hundred."""
    os.makedirs(d + "/s")
    for i in range(0, n, 100):
        steps = (f"  - {{run: /bin/true, image: host, name: s{k}}}\n" for k in range(min(100, n - i)))
        scenario(f"{d}/s/{i}.yaml", steps, name=f"a{i}")
    return ["run", "--dry-run", d + "/s"]


def check(i, outcome="pass", findings=()):
    return dict(id=f"exec.c{i}", kind="probe", image="core", venue="chroot", outcome=outcome, duration_ms=1, attempts=1,
                detail="" if outcome == "pass" else "expected 1, found 2", findings=list(findings))


def report(checks, findings=(), host="h", started=0, command="accept"):
    summary = {"pass": 0, "fail": 0, "skip": 0, "broken": 0, "flaky": 0}
    for one in checks:
        summary[one["outcome"]] += 1
    return dict(schema="assay.report/1", version="1", command=command, verdict="unfit" if summary["fail"] else "fit",
                started="2026-01-%02dT%02d:%02d:%02dZ" % (started // 86400 % 28 + 1, started // 3600 % 24, started // 60 % 60, started % 60),
                duration_ms=started + 1, host=dict(kernel="k", machine="m", name=host, privileged=True), summary=summary, checks=list(checks),
                findings=list(findings))


def finding(code, checks, evidence=("e",)):
    return dict(code=code, severity="error", summary="s", evidence=list(evidence), cause="c", remedy="r", checks=list(checks))


def saved(path, document):
    with open(path, "w") as file:
        json.dump(document, file)
    return path


def rendered(form):
    """Half the checks fail, and one finding concerns them all. All forms are made of the same file."""
    def make(n, d):
        path = f"{os.environ['SHARED']}/report-{n}.json"
        if not os.path.exists(path):
            found = finding("emulation-crashes", [f"exec.c{i}@chroot" for i in range(1, n, 2)], ["e%d" % i for i in range(min(n, 1000))])
            before, after = json.dumps(dict(report([], [found]), checks=["HERE"])).split('"HERE"')
            passed, failed = (json.dumps(check("NUMBER", outcome)).split("NUMBER") for outcome in ("pass", "fail"))
            with open(path, "w") as file:
                file.write(before + ", ".join(str(i).join(failed if i % 2 else passed) for i in range(n)) + after)
        return ["report", "render", path, "--format", form]
    return make


def report_findings(n, d):
    """As many findings as checks, all of which concern all checks that fail."""
    return ["report", "render", saved(d + "/a.json", report(
        [check(0, "fail") for _ in range(n)], [finding(f"code-{i}", ["exec.c0@chroot"]) for i in range(n)])), "--format", "junit"]


def report_values(n, d):
    """A key that nobody knows, with n numbers."""
    return ["report", "render", saved(d + "/a.json", dict(report([check(0)]), unknown=[1] * n))]


def report_marks(n, d):
    """A text that grows in every form of the report."""
    return ["report", "render", saved(d + "/a.json", report([dict(check(0, "fail"), detail="\"<\1\u202e&" * n)])), "--format", "html"]


def reports_merged(n, d):
    """n checks in reports of ten, of different hosts."""
    os.makedirs(d + "/r")
    for i in range(max(1, n // 10)):
        saved(f"{d}/r/{i}.json", report([check(k) for k in range(10)], host=f"h{i}", started=i))
    return ["report", "merge", d + "/r", "--format", "json"]


def reports_of_one(n, d):
    """n checks in reports of ten of one host, which began together and took equally long."""
    os.makedirs(d + "/r")
    for i in range(max(1, n // 10)):
        saved(f"{d}/r/{i}.json", report([check(i * 10 + k) for k in range(10)]))
    return ["report", "merge", d + "/r"]


def earlier_reports(n, d):
    """n checks in earlier reports of a hundred."""
    os.makedirs(d + "/r")
    for i in range(max(1, n // 100)):
        saved(f"{d}/r/{i}.json", report([check(k) for k in range(100)], started=i))
    return ["report", "render", saved(d + "/now.json", report([check(k) for k in range(100)], started=n)), "--history", d + "/r", "--format", "html"]


def rerun_failed(n, d):
    """n failures of an earlier run, and a plan of ten thousand steps."""
    checks = [dict(check(0, "fail"), id=f"a/s{i}", kind="step") for i in range(n)]
    plan = scenario(d + "/a.yaml", (f"  - {{run: /bin/true, image: host, name: s{i}}}\n" for i in range(min(n, 5000))))
    return ["run", "--dry-run", "--rerun-failed", saved(d + "/a.json", report(checks, command="run")), plan]


class Journal:
    """A journal as Assay writes it, from one that it has written."""

    def __init__(self, program, d):
        self.scenario, self.path = scenario(d + "/a.yaml", [STEP]), d + "/journal"
        subprocess.run([program, "run", self.scenario, "--journal", self.path, "--no-record"], check=True, capture_output=True)
        with open(self.path) as file:
            self.lines = file.read().splitlines()

    def grow(self, ids):
        _, total, text = self.lines[1].split(" ", 2)
        with open(self.path, "a") as file:
            for name in ids:
                line = text.replace('"a\\/s', '"' + name)
                total = hashlib.sha256(f"{total} step {line}".encode()).hexdigest()[:16]
                file.write(f"step {total} {line}\n")


def journal(names):
    def make(n, d, program):
        made = Journal(program, d)
        made.grow(names(i) for i in range(n))
        return ["run", made.scenario, "--journal", made.path, "--resume", "--no-record"]
    return make


def journal_line(n, d, program):
    """One line, with a text of n characters."""
    made = Journal(program, d)
    made.lines[1] = made.lines[1].replace('"detail":""', '"detail":"' + "x" * n + '"')
    made.grow(["b\\/s"])
    return ["run", made.scenario, "--journal", made.path, "--resume", "--no-record"]


def history(program, d, runs, checks):
    """A database as Assay writes it, with that many runs of that many checks."""
    path = d + "/history.sqlite"
    command = [program, "artifact", tar(d + "/a.tar", [LINKER]), "--record"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "ASSAY_HISTORY": path}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    base = sqlite3.connect(path)
    base.execute("PRAGMA synchronous = OFF")
    row = base.execute("SELECT command, started, duration_us, verdict, version, exit_status, host, privileged FROM runs").fetchone()
    base.executemany("INSERT INTO runs (command, started, duration_us, verdict, version, exit_status, host, privileged) VALUES (?,?,?,?,?,?,?,?)",
                     (row for _ in range(runs)))
    base.executemany("INSERT INTO subjects (id, kind, name, image, venue) VALUES (?, 'probe', ?, '', '')",
                     ((i + 100, f"exec.c{i}") for i in range(checks)))
    base.executemany("INSERT INTO checks VALUES (?, ?, ?, 'pass', ?, 1, '')",
                     ((run + 2, i, i + 100, 1000 + run) for run in range(runs) for i in range(checks)))
    base.commit()
    base.close()
    return path, command[1:]


def history_runs(n, d, program):
    path, _ = history(program, d, n, 1)
    return dict(command=["history"], environment={"ASSAY_HISTORY": path})


def history_checks(n, d, program):
    """The latest run, and the one before it, have n checks each."""
    path, _ = history(program, d, 2, n)
    return dict(command=["history", "show"], environment={"ASSAY_HISTORY": path})


def history_recording(n, d, program):
    """Recording one run lets go of n: a thousand are kept."""
    path, command = history(program, d, n, 1)
    return dict(command=command, environment={"ASSAY_HISTORY": path})


def history_export(n, d, program):
    path, _ = history(program, d, max(1, n // 100), 100)
    return dict(command=["history", "export", d + "/out", "--last", "1000"], environment={"ASSAY_HISTORY": path})


READERS = {
    "YAML keys": yaml_keys, "YAML steps": yaml_steps, "YAML needs": yaml_needs, "YAML depth": yaml_depth, "YAML patterns": yaml_patterns,
    "YAML matrix": yaml_matrix, "scenario files": scenario_files,
    **{f"report as {form}": rendered(form) for form in FORMS},
    "report's findings": report_findings, "unknown report values": report_values, "report's marks": report_marks,
    "reports merged": reports_merged, "reports of one host": reports_of_one, "earlier reports": earlier_reports,
    "run's failures": rerun_failed,
    "journal": journal(lambda i: f"b{i}\\/s"), "journal of one step": journal(lambda i: "a\\/s"), "journal's line": journal_line,
    "history of runs": history_runs, "history of checks": history_checks, "history recording": history_recording, "history export": history_export,
}
