"""What a linker put into a program: reads the map that lld writes (`-Map`).

    linked.py MAP PROGRAM     prints a table: bytes in the file by library
    linked.py MAP             prints the archives that the program has something of: libz.a

Other scripts import `inputs` and `archives`. Exit status: 0, or 1 where the map and the program do not belong together.
"""
import collections
import os
import re
import sys

# VMA, LMA, size, alignment, then a section of the program, an input's section (eight blanks more) or a symbol.
LINE = re.compile(r"^ *[0-9a-f]+ +[0-9a-f]+ +([0-9a-f]+) +[0-9]+ ( *)(\S.*)$")
# Sections that take no room in the file.
EMPTY = re.compile(r"^\.t?bss|^__libc_freeres_ptrs")


def inputs(path):
    """Bytes in the file for each input, as the map names it: `/usr/lib/…/libc.a(printf.o)`, `…/Files.build/a.o`, `<internal>`."""
    found = collections.Counter()
    counted = True
    with open(path, encoding="utf-8", errors="replace") as lines:
        if "VMA" not in next(lines, ""):
            sys.exit(f"{path}: expected the map of lld, which begins with VMA; found something else")
        for line in lines:
            match = LINE.match(line.rstrip("\n"))
            if not match:
                continue
            size, indent, rest = int(match[1], 16), len(match[2]), match[3]
            if indent == 0:
                counted = not EMPTY.match(rest)
            elif indent == 8 and counted and ":(" in rest:
                found[rest[: rest.rindex(":(")]] += size
    return found


def archive(name):
    """The file on disk that an input came from: the archive of `libc.a(printf.o)`."""
    return name[: name.rindex("(")] if name.endswith(")") else name


def plain(path):
    """The name of an archive without a version: libm-2.36.a is libm.a."""
    return re.sub(r"-[0-9.]*\.a$", ".a", os.path.basename(path))


def archives(path):
    """The names of the archives that a program has something of."""
    return {plain(archive(name)) for name in inputs(path) if name.endswith(")")}


def library(name):
    """What people call the origin of an input."""
    built = re.search(r"/([^/]+)\.build/[^/]+", name)
    if built:
        if built[1] in ("ArgumentParser", "ArgumentParserToolInfo"):
            return "swift-argument-parser"
        if built[1] in ("SystemPackage", "CSystem"):
            return "swift-system"
        return "images of guests (CImages)" if built[1] == "CImages" else "own code"
    if re.search(r"/\.build(-[^/]*)?/", name):
        return "own code"
    if name.startswith("<"):
        return "made by the linker"
    file = os.path.basename(archive(name))
    stem = re.sub(r"^lib|(-\d[\d.]*)?\.a$", "", file)
    names = {"c": "libc", "m": "libc", "swiftCore": "swiftCore", "stdc++": "libstdc++", "gcc": "libgcc", "gcc_eh": "libgcc"}
    if re.match(r"crt.*\.o$|swiftrt\.o$", file):
        return "start code"
    return names.get(stem, stem.lstrip("_"))


def main():
    if len(sys.argv) == 2:
        print("\n".join(sorted(archives(sys.argv[1]))))
        return
    path, program = sys.argv[1:3]
    total = os.path.getsize(program)
    sizes = collections.Counter()
    for name, size in inputs(path).items():
        sizes[library(name)] += size
    known = sum(sizes.values())
    # Headers and what pads sections are a small part; more means that the map is another program's.
    if not total * 0.9 <= known <= total * 1.02:
        sys.exit(f"{path}: expected the map of {program} ({total} bytes); found one of {known} bytes")
    sizes["headers, padding"] = total - known
    print("| library | bytes | share |")
    print("|---|---:|---:|")
    small = 0
    for name, size in sizes.most_common():
        if size < 20_000:
            small += size
            continue
        print(f"| {name} | {size:,} | {100 * size / total:.1f} % |")
    print(f"| others | {small:,} | {100 * small / total:.1f} % |")
    print(f"| **whole file** | {total:,} | 100 % |")


if __name__ == "__main__":
    main()
