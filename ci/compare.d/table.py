"""Prints the table of docs/comparison.md: what is so under each drill, what assay says, and what each peer says.

    table.py DRILLS WORLDS PEERS FAULTS    DRILLS: the report of `assay drill --format json`; WORLDS: a directory for each drill, with PEER.status;
                                           FAULTS: the files that declare the drills

Exit status: 0, 1 where assay is wrong, 2 where a drill could not be carried out.
"""
import json
import os
import sys

# Peers that run a program in another root.
ISOLATED = {"exit-status", "uname", "buildx-inspect", "docker-run", "podman-run"}
ORDER = ["listing", "entry", "update-binfmts", "arch-test", "qemu-direct", "exit-status", "uname", "buildx-inspect", "docker-run", "podman-run"]


def truth(drill):
    """Whether the host runs arm64 as it should: "no", "yes, but" or "yes". What assay says is held against what the drill did."""
    if "proves" not in drill:
        return "yes"
    # The severity that the drill demands is part of its verdict.
    own = [found["severity"] for found in drill["reported"] if found["code"] == drill["proves"]]
    return {"error": "no", "warning": "yes, but"}.get(own[0] if own else "error", "yes")


def judged_on_the_host(place):
    """The drills that are judged in the venue direct alone: what holds in another root is not what they are about."""
    found = set()
    for name in os.listdir(place):
        with open(os.path.join(place, name), encoding="utf-8") as file:
            found |= {drill["name"] for drill in json.load(file) if drill.get("venues") == ["direct"]}
    return found


def said(drill):
    """What assay says of the host."""
    found = {severity: [one["code"] for one in drill["reported"] if one["severity"] == severity] for severity in ("error", "warning")}
    if found["error"]:
        return "no: " + ", ".join(f"`{code}`" for code in found["error"])
    if found["warning"]:
        return "yes, but " + ", ".join(f"`{code}`" for code in found["warning"])
    return "yes"


def answer(path):
    """A peer's answer."""
    try:
        status = int(open(path, encoding="utf-8").read())
    except (OSError, ValueError):
        return "cannot say"
    return {0: "yes", 77: "cannot say", 124: "hangs", 137: "hangs"}.get(status, "no")


def main():
    report, worlds, peers, faults = sys.argv[1:]
    direct = judged_on_the_host(faults)
    with open(report, encoding="utf-8") as file:
        drills = json.load(file)["drills"]
    names = [name for name in ORDER if name in os.listdir(peers)] + sorted(set(os.listdir(peers)) - set(ORDER))
    typed = {}
    for name in names:
        with open(os.path.join(peers, name), encoding="utf-8") as file:
            typed[name] = [line.removeprefix("# ").strip() for line in file.readlines()[1:3]]
    print("| typed | it says yes if |")
    print("|---|---|")
    for name in names:
        command, reading = typed[name]
        print(f"| {command if ' own check' in command else f'`{command}`'} | {reading} |")
    print()
    heads = [typed[name][0].replace("IMAGE uname -m", "…") for name in names]
    heads = [head if " own check" in head else f"`{head}`" for head in heads]
    print("| drill | what was done | runs arm64 as it should | `assay` | " + " | ".join(heads) + " |")
    print("|---|---|---|---|" + "---|" * len(names))
    wrong = {name: {"yes": 0, "no": 0, "cannot say": 0} for name in names}
    counts = {"no": 0, "yes, but": 0, "yes": 0}
    untried, mistaken = [], []
    for drill in drills:
        if drill["outcome"] in ("broken", "skip"):
            untried.append(drill)
            continue
        if drill["outcome"] != "pass":
            mistaken.append(drill)
        is_so = truth(drill)
        counts[is_so] += 1
        cells = []
        for name in names:
            cell = answer(os.path.join(worlds, drill["name"], f"{name}.status"))
            if cell in ("cannot say", "hangs"):
                wrong[name]["cannot say"] += 1
            elif (cell == "yes") != (is_so != "no") and not (cell == "no" and name in ISOLATED and drill["name"] in direct):
                wrong[name][cell] += 1
                cell = f"**{cell}**"
            cells.append(cell)
        own = said(drill) if drill["outcome"] == "pass" else f"**{said(drill)}**"
        print(f"| `{drill['name']}` | {drill['about']} | {is_so} | {own} | " + " | ".join(cells) + " |")
    rows = [("says yes, and it does not run as it should", "yes", counts["no"]), ("says no, and it runs", "no", counts["yes"] + counts["yes, but"]),
            ("cannot say, or hangs", "cannot say", sum(counts.values()))]
    for words, kind, most in rows:
        assay = len(mistaken) if kind != "cannot say" else 0
        print(f"| **{words}** | of {most} | | {assay} | " + " | ".join(str(wrong[name][kind]) for name in names) + " |")
    print("\nBold: it is not so. Drills that only concern programs on the host itself say nothing of other roots: there a \"no\" is not counted.")
    for drill in untried:
        print(f"\n`{drill['name']}` could not be had: {'; '.join(drill['problems'])}")
    if mistaken:
        sys.exit(1)
    sys.exit(2 if any(drill["outcome"] == "broken" for drill in untried) else 0)


if __name__ == "__main__":
    main()
