"""One emulator that holds all mutants of a draw: each is behind a condition, and what does not compile is dropped."""

import json
import os
import re
import shutil
import subprocess

import source

HERE = os.path.dirname(os.path.abspath(__file__))
DIAGNOSTIC = re.compile(r"^(?:\.\./)?([^\s:]+):(\d+):\d+: (error|note|warning):? ?(.*)")
FUNCTION = re.compile(r"([Ii]n function|inlined from) [‘'`](\w+)[’']")
MARK = b"assay's mutants"
# How often a build may fail, each time with fewer mutants.
ROUNDS = 25


class NotBuilt(Exception):
    pass


class Emulator:
    """`pristine`: Debian's source. `place`: a directory for the changed tree and its build."""

    def __init__(self, pristine, place, dependencies):
        self.pristine, self.place, self.dependencies = pristine, place, dependencies
        self.tree = os.path.join(place, "tree")
        self.build = os.path.join(self.tree, "build")
        self.program = os.path.join(self.build, "qemu-aarch64")

    def configure(self):
        if os.path.exists(os.path.join(self.build, "build.ninja")):
            return
        shutil.rmtree(self.tree, ignore_errors=True)
        os.makedirs(self.place, exist_ok=True)
        subprocess.run(["cp", "-a", self.pristine, self.tree], check=True)
        os.mkdir(self.build)
        libraries = os.path.join(self.dependencies, "usr/lib/x86_64-linux-gnu")
        self.environment = dict(os.environ, LC_ALL="C", PKG_CONFIG_SYSROOT_DIR=self.dependencies, PKG_CONFIG_LIBDIR=libraries + "/pkgconfig")
        command = ["../configure", "--target-list=aarch64-linux-user", "--static", "--disable-system", "--disable-tools", "--disable-docs", "--disable-guest-agent", "--disable-capstone",
                   "--disable-gnutls", "--disable-nettle", "--disable-gcrypt", "--disable-werror", "--disable-debug-info", "--disable-plugins", "--without-default-features", "--enable-attr", "--disable-install-blobs",
                   "--interp-prefix=/etc/qemu-binfmt/%M", "--extra-cflags=-include %s/mutant.h -fdiagnostics-color=never -Werror=incompatible-pointer-types -Werror=int-conversion -w" % HERE,
                   "--extra-ldflags=-L" + libraries]
        with open(os.path.join(self.place, "configure.log"), "wb") as log:
            if subprocess.run(command, cwd=self.build, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode:
                shutil.rmtree(self.build)
                raise NotBuilt("the emulator could not be configured: %s/configure.log" % self.place)

    def make(self, mutants):
        """Builds, and returns the mutants that it holds. Each has a number already."""
        self.configure()
        # What did not compile once never does: a run that was ended goes on from there.
        record = os.path.join(self.place, "dropped")
        dropped = set(open(record).read().split()) if os.path.exists(record) else set()
        left = [mutant for mutant in mutants if mutant.digest not in dropped]
        for number in range(ROUNDS):
            self.write(left)
            failures = self.ninja(number)
            if failures is None:
                return left
            bad = blamed(failures, left)
            if not bad:
                raise NotBuilt("the emulator could not be built: %s/build-%d.log" % (self.place, number))
            with open(record, "a") as file:
                file.writelines(mutant.digest + "\n" for mutant in left if mutant.number in bad)
            left = [mutant for mutant in left if mutant.number not in bad]
        raise NotBuilt("the emulator could not be built in %d rounds" % ROUNDS)

    def write(self, mutants):
        """Writes the files that change: those of the round before, and of this one."""
        by_file = {}
        for mutant in mutants:
            by_file.setdefault(mutant.file, []).append(mutant)
        for file in {os.path.relpath(path, self.pristine) for pattern in source.FILES for path in source.glob.glob(os.path.join(self.pristine, pattern))}:
            with open(os.path.join(self.pristine, file), "rb") as original:
                text = source.build_in(original.read(), by_file.get(file, []))
            if file == "linux-user/main.c":
                text += ('\n#include "%s/mutant.c"\n' % HERE).encode()
            path = os.path.join(self.tree, file)
            with open(path, "rb") as present:
                same = present.read() == text
            if not same:
                with open(path, "wb") as changed:
                    changed.write(text)

    def ninja(self, number):
        """What the compiler said, or None where all is built."""
        result = subprocess.run(["ninja", "-C", self.build, "-k", "0", "-j", "2", "qemu-aarch64"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                env=dict(os.environ, LC_ALL="C"))
        with open(os.path.join(self.place, "build-%d.log" % number), "wb") as log:
            log.write(result.stdout)
        return result.stdout.decode(errors="replace") if result.returncode else None

    def commands(self):
        """How each object is compiled: by its name, the command and where it is typed."""
        with open(os.path.join(self.build, "compile_commands.json")) as commands:
            return {entry["output"]: (entry["command"], entry["directory"]) for entry in json.load(commands) if "output" in entry}


def blamed(said, mutants):
    """The numbers of the mutants at the places of errors: at the line, else around it, else at a note's line, else in the function."""
    by_line, around = {}, {}
    for mutant in mutants:
        by_line.setdefault((mutant.file, mutant.line), set()).add(mutant.number)
        around.setdefault(mutant.file, []).append(mutant)
    bad, unexplained, functions, pending = set(), set(), set(), False
    for line in said.splitlines():
        named = FUNCTION.search(line)
        if named:
            # A function, and those that it is part of.
            functions = functions | {named.group(2)} if named.group(1) == "inlined from" else {named.group(2)}
            if "ld: " in line or "undefined reference" in line:
                unexplained |= functions
        match = DIAGNOSTIC.match(line)
        if not match:
            continue
        file, number, kind = os.path.normpath(match.group(1)), int(match.group(2)), match.group(3)
        here = by_line.get((file, number), set())
        if kind == "error":
            if pending:
                unexplained |= functions
            if not here:
                here = {mutant.number for mutant in around.get(file, []) if mutant.line <= number <= mutant.line_end}
            bad |= here
            pending = not here
            if "attribute error" in match.group(4):
                unexplained |= functions
        elif kind == "note" and pending and here:
            bad |= here
            pending = False
    if pending:
        unexplained |= functions
    bad |= {mutant.number for mutant in mutants if mutant.function in unexplained}
    return bad


def patched(program, number, path):
    """Writes a copy of the emulator with one fault chosen; 0 is none."""
    with open(program, "rb") as file:
        data = bytearray(file.read())
    at = data.find(MARK)
    if at < 0 or data.find(MARK, at + 1) >= 0:
        raise NotBuilt("%s has no word that chooses a mutant, or several" % program)
    data[at + 16:at + 20] = number.to_bytes(4, "little")
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.chmod(path + ".new", 0o755)
    os.replace(path + ".new", path)
