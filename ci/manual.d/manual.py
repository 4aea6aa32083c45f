#!/usr/bin/env python3
"""Makes manual pages of the command definitions.

usage: manual.py OUTDIR SECONDS <DUMP

DUMP is what `assay --experimental-dump-help` prints. What it does not say (exit statuses, variables, files) comes from
sections.json beside this file, and from the table of exit statuses in README.md.
"""
import json
import os
import re
import sys
import textwrap
import time

HERE = os.path.dirname(os.path.abspath(__file__))
README = os.path.join(HERE, "..", "..", "README.md")
MONTHS = (
    "January February March April May June July August September October November December"
).split()


def text(words):
    """A line of text: nothing in it is a request or an escape."""
    words = " ".join(words.split()).replace("\\", "\\e")
    words = re.sub(r"(?<!\S)--(?![\w-])", r"\\-\\-", words)
    return "\\&" + words if words[:1] in (".", "'") else words


def sentences(words):
    """Text whose sentences begin on lines of their own, and no line is longer than 80 bytes, as mdoc(7) wants it."""
    parts = re.split(r"(?<=[.!?]) +(?=[A-Z])", " ".join(words.split()))
    wrapped = [textwrap.wrap(part, 70, break_long_words=False, break_on_hyphens=False) for part in parts]
    return "\n".join(text(line) for lines in wrapped for line in lines)


def ended(words):
    """A sentence, with the mark at its end."""
    return words if words.endswith(("?", "!", ".")) else words + "."


def quoted(words):
    """An argument of a macro."""
    return '"' + words.replace("\\", "\\e").replace('"', '""') + '"' if re.search(r'[^\w./=-]', words) else words


def plain(markdown):
    """A line of README.md without its marks."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("`", "")


def readme_statuses():
    with open(README, encoding="utf-8") as file:
        section = file.read().split("\n## Exit statuses\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|\n").split("|", 1) for line in section.splitlines() if re.match(r"\| [\d, ]+ \|", line)]
    if not rows:
        sys.exit("manual.py: README.md: expected a table below \"## Exit statuses\", found none")
    return [(number.strip(), plain(what.strip())) for number, what in rows]


class Command:
    """A command of the dump."""

    def __init__(self, entry, words, root=None):
        self.entry, self.words, self.root = entry, words, root or self
        self.children = [
            Command(child, words + [child["commandName"]], self.root)
            for child in entry.get("subcommands", [])
            if child.get("shouldDisplay", True)
        ]
        self.arguments = [each for each in entry.get("arguments", []) if each["shouldDisplay"]]

    @property
    def key(self):
        return " ".join(self.words[1:])

    @property
    def page(self):
        return "-".join(self.words)

    def all(self):
        yield self
        for child in self.children:
            yield from child.all()

    def has(self, option):
        return any("--" + name["name"] == option for each in self.arguments for name in each.get("names", []))

    def applies(self, rule):
        return self.has(rule["with"]) if "with" in rule else self.key in rule["in"]


def names(argument):
    """`Fl j`, `Fl -jobs`: short ones first."""
    found = argument.get("names", [])
    short = ["Fl " + each["name"] for each in found if each["kind"] != "long"]
    return short + ["Fl -" + each["name"] for each in found if each["kind"] == "long"]


def value(argument):
    return "" if argument["kind"] == "flag" else " Ar " + quoted(argument.get("valueName") or "value")


def synopsis(command, sections):
    lines = [".Nm " + quoted(" ".join(command.words))]
    shared = False
    for each in command.arguments:
        if each.get("sectionTitle"):
            shared = True
        elif each["kind"] != "positional" and not each.get("names", [{}])[0].get("name") in ("version", "help", "h"):
            name = names(each)[0] + value(each)
            more = " ..." if each["isRepeating"] else ""
            lines.append((".Op " if each["isOptional"] else ".") + name + more)
    if shared:
        lines.append(".Op Ar shared-option ...")
    for each in command.arguments:
        if each["kind"] == "positional":
            name = "Ar " + quoted(each["valueName"]) + (" ..." if each["isRepeating"] else "")
            lines.append((".Op " if each["isOptional"] else ".") + name)
    if command.children:
        optional = command.entry.get("defaultSubcommand")
        lines.append((".Op Ar" if optional else ".Ar") + " command")
    if command.key in sections["synopsis"]:
        lines.append(sections["synopsis"][command.key])
    return lines


def option(argument):
    if argument["kind"] == "positional":
        head = ".It Ar " + quoted(argument["valueName"])
    else:
        head = ".It " + " , ".join(names(argument)) + value(argument)
    about = argument.get("abstract") or ""
    extra = []
    listed = argument.get("allValueStrings") or argument.get("allValues") or []
    if listed and not all(re.search(r"\b%s\b" % re.escape(each), about) for each in listed):
        extra.append("One of " + ", ".join(listed) + ".")
    default = argument.get("defaultValue")
    if default and "default:" not in about and argument["kind"] != "flag":
        extra.append(f"The default is {default}.")
    return [head] + [sentences(each) for each in [about] + extra if each]


def options(command):
    groups = {}
    for each in command.arguments:
        groups.setdefault(each.get("sectionTitle"), []).append(each)
    lines = []
    # A command's own options come first.
    for title in sorted(groups, key=lambda title: title is not None):
        if title:
            lines.append(".Ss " + title)
        lines.append(".Bl -tag -width Ds")
        for each in groups[title]:
            lines += option(each)
        lines.append(".El")
    return lines


def parts(command):
    """The discussion: paragraphs, what is said of the exit status, and the examples."""
    discussion, _, rest = (command.entry.get("discussion") or "").partition("Examples:\n")
    examples = [line.strip() for line in rest.splitlines() if line.strip()]
    paragraphs, status = [], []
    for paragraph in re.split(r"\n\s*\n", discussion.strip()):
        before, found, after = paragraph.partition("Exit status")
        if before.strip():
            paragraphs.append(before)
        if found:
            status.append(found + after)
    return paragraphs, status, examples


def exits(command, sections, own):
    if command.key in sections["exit"]:
        return sections["exit"][command.key]
    if command is command.root or command.has(sections["judging"]) and not own:
        return readme_statuses()
    default = [each for each in command.children if each.entry["commandName"] == command.entry.get("defaultSubcommand")]
    return exits(default[0], sections, own) if default and not own else []


def listing(rows, macro):
    lines = [".Bl -tag -width Ds"]
    for name, about in rows:
        lines += [".It " + macro + " " + quoted(name), sentences(about)]
    return lines + [".El"]


def page(command, everything, sections, date):
    paragraphs, status, examples = parts(command)
    abstract = (command.entry.get("abstract") or "").rstrip(".?")
    if not re.match(r"[A-Z]{2}", abstract):
        abstract = abstract[:1].lower() + abstract[1:]
    lines = [f".Dd {date}", f".Dt {command.page.upper()} 1", ".Os"]
    lines += [".Sh NAME", ".Nm " + command.page, ".Nd " + text(abstract), ".Sh SYNOPSIS"] + synopsis(command, sections)
    lines += [".Sh DESCRIPTION", sentences(ended(command.entry.get("abstract") or ""))]
    for paragraph in paragraphs:
        lines += [".Pp", sentences(paragraph)]
    if command.children:
        default = command.entry.get("defaultSubcommand")
        lines += [".Pp", "The commands are:", ".Bl -tag -width Ds"]
        for child in command.children:
            about = ended(child.entry.get("abstract") or "")
            lines += [".It Cm " + child.entry["commandName"], sentences(about)]
            if child.entry["commandName"] == default and "default" not in about:
                lines.append("This is the default.")
            lines += ["See", f".Xr {child.page} 1 ."]
        lines.append(".El")
    if command.arguments:
        lines += [".Sh OPTIONS"] + options(command)
    for title, macro, key in (("ENVIRONMENT", "Ev", "environment"), ("FILES", "Pa", "files")):
        rows = [(rule["name"], rule["text"]) for rule in sections[key] if command.applies(rule)]
        if command is command.root:
            rows = []
        if rows:
            lines += [".Sh " + title] + listing(list(dict(reversed(rows)).items())[::-1], macro)
    parent = next((each for each in everything if each.words == command.words[:-1]), None)
    # A family's statuses are said once, with the command that has no options.
    if not status and not command.has(sections["judging"]) and parent and parent is not command.root:
        status = parts(parent)[1]
    statuses = exits(command, sections, own=bool(status))
    lines.append(".Sh EXIT STATUS")
    if statuses:
        lines += listing([(number, what[:1].upper() + what[1:] + ".") for number, what in statuses], "Li")
    elif status:
        lines += [sentences(each) for each in status]
    else:
        sys.exit(f"manual.py: {' '.join(command.words)}: nothing says what its exit status means: sections.json, \"exit\"")
    if not examples and parent and parent is not command.root:
        examples = [each for each in parts(parent)[2] if " ".join(command.words) in each]
    if examples:
        lines.append(".Sh EXAMPLES")
        lines += [".Dl " + text(each).replace('"', "\\(dq") for each in examples]
    related = {each.page for each in command.children} | ({parent.page, "assay"} if parent else set())
    if parent:
        related |= {each.page for each in parent.children if parent is not command.root}
    related = sorted(related - {command.page})
    lines.append(".Sh SEE ALSO")
    lines += [f".Xr {each} 1{' ,' if each != related[-1] else ''}" for each in related]
    return "\n".join(lines) + "\n"


def main():
    output, seconds = sys.argv[1:]
    day = time.gmtime(int(seconds))
    date = f"{MONTHS[day.tm_mon - 1]} {day.tm_mday}, {day.tm_year}"
    with open(os.path.join(HERE, "sections.json"), encoding="utf-8") as file:
        sections = json.load(file)
    root = Command(json.load(sys.stdin)["command"], ["assay"])
    everything = list(root.all())
    known = {command.key for command in everything}
    for rule in sections["environment"] + sections["files"]:
        used = [command for command in everything if command.applies(rule)]
        if not used or not set(rule.get("in", [])) <= known:
            sys.exit(f"manual.py: sections.json: {rule['name']}: no command has {rule.get('with') or rule['in']}")
    os.makedirs(output, exist_ok=True)
    for command in everything:
        with open(os.path.join(output, command.page + ".1"), "w", encoding="utf-8") as file:
            file.write(page(command, everything, sections, date))


main()
