# Input: a description and two reports for each version. Output: Markdown.
def cell: gsub("\\|"; "\\|") | gsub("\n"; " ");
def row: "| " + (map(tostring | cell) | join(" | ")) + " |";
def table($head): [($head | row), ($head | map("---") | row)] + map(row) | join("\n");
def reference: if .venue then "\(.id)@\(.venue)" else .id end;
# A check's outcome and detail. Probes whose text differs between two runs of one version, even in digits, are left out below.
def says: "\(.outcome)" + (if .detail == "" then "" else ": \(.detail)" end);

[_nwise(3) | {suite: .[0].suite, package: .[0].package, version: .[0].version, expected: .[0].expected,
              reports: .[1:]}] as $all
| ($all | map(.suite)) as $suites
| ([$all[].reports[0].checks[] | select(.kind == "probe") | reference] | unique) as $probes
| ($all | map({(.suite): [.reports[] | [.checks[] | select(.kind == "probe") | {(reference): says}] | add]}) | add) as $said
| ($probes | map(select(. as $p | [$said[] | .[0][$p] == .[1][$p]] | all | not))) as $unsteady
| ($probes - $unsteady | map(select(. as $p | [$said[][0][$p]] | unique | length > 1))) as $differing
| ($differing | group_by(split("@") | first)) as $groups
| "## Verdicts",
  "",
  ($all | map([.suite, "`\(.package)` \(.version)", .reports[0].host.interpreters[0].version // "unknown",
               "**\(.reports[0].verdict)**" + (if .reports[0].verdict == .expected then ", as expected" else ", expected \(.expected)" end),
               .reports[0].summary.pass, .reports[0].summary.fail, .reports[0].summary.skip, .reports[0].summary.broken,
               "\([.reports[].duration_ms] | min | round) ms"])
   | table(["suite", "package", "says it is", "verdict", "pass", "fail", "skip", "broken", "time (better of two)"])),
  "",
  "## Findings",
  "",
  ($all | map(.suite as $suite | .reports[0].findings[] | select(.code | startswith("runner-") | not) | [$suite, .severity, "`\(.code)`", .summary])
   | if length == 0 then "None." else table(["suite", "severity", "finding", "summary"]) end),
  "",
  "## Probes that differ",
  "",
  (if ($groups | length) == 0 then "None: every probe has the same outcome and note in every version." else
   # Venues that agree share a row.
   [$groups[] | group_by(. as $probe | $suites | map($said[.][0][$probe])) | .[] | . as $same | (($same[0] | split("@") | first) + " (" + ($same | map(split("@") | last) | join(", ")) + ")") as $name
    | [$name] + ($suites | map($said[.][0][$same[0]] // "not there"))]
   | table(["probe"] + $suites) end),
  (if ($unsteady | length) == 0 then empty else
   "", "Left out, because two runs of one version differed: " + ($unsteady | map("`\(.)`") | join(", ")) + "." end)
