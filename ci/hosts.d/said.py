"""said.py OUTPUT ERRORS: the verdict of a JSON report, a tab, and the most serious that it says; else what a text or the errors say."""
import json, re, sys

output, errors = (open(path, errors="replace").read() for path in sys.argv[1:3])
own = {"handler-drops-credentials", "runner-no-docker-socket", "runner-unprivileged"}  # of the machine below
said = []
verdict = "none"
try:
    report = json.loads(output)
except ValueError:
    said = [line.strip() for line in output.splitlines() if re.search(r"masked|shadowed", line)]
else:
    if "drills" in report:
        outcomes = [drill["outcome"] for drill in report["drills"]]
        verdict = ", ".join(f"{outcomes.count(word)} {word}" for word in dict.fromkeys(outcomes))
        said = [f"{drill['name']}: {problem}" for drill in report["drills"] for problem in drill["problems"]]
    else:
        verdict = report["verdict"]
        said = [f"{finding['code']}: {finding['summary']}" for finding in report["findings"]
                if finding["severity"] != "info" and finding["code"] not in own]
        said += [f"{check['id']}@{check['venue']}: {check['detail']}" if check.get("venue") else f"{check['id']}: {check['detail']}"
                 for check in report["checks"] if check["outcome"] == "broken" and not check.get("findings")]
said += [line for line in errors.splitlines() if line.startswith("assay: ") and " running: " not in line][:1 if said else 2]
print(f"{verdict}\t{'; '.join(said[:2]) + (f'; and {len(said) - 2} more' if len(said) > 2 else '') or '-'}")
