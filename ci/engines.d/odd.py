"""Images that are odd in one thing each, by name: headers of tars and ELF files written by hand, odd words of configurations. `ODD` has one function for each."""

import hashlib
import json
import os
import struct

from images import LAYER, blob_writer, packed
from programs import HEADER, SEGMENT, code, elf

REGULAR, HARD, LINK, CHARACTER, BLOCK, DIRECTORY, FIFO = b"0", b"1", b"2", b"3", b"4", b"5", b"6"
PATH = "PATH=/usr/bin:/bin"


def number(value, width):
    """Octal digits, or base 256 for what they do not hold."""
    if 0 <= value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    return (value % 256**width).to_bytes(width, "big") if value < 0 else bytes([0x80]) + value.to_bytes(width - 1, "big")


def header(name, kind=REGULAR, data=b"", link=b"", mode=0o644, uid=0, gid=0, size=None, major=0, minor=0, mtime=0, magic=b"ustar\00000", prefix=b""):
    name = name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name
    link = link.encode("utf-8", "surrogateescape") if isinstance(link, str) else link
    block = name[:100].ljust(100, b"\0") + number(mode, 8) + number(uid, 8) + number(gid, 8) + number(len(data) if size is None else size, 12) + number(mtime, 12)
    block += b" " * 8 + kind + link[:100].ljust(100, b"\0") + magic.ljust(8, b"\0") + b"root".ljust(32, b"\0") * 2
    block += number(major, 8) + number(minor, 8) + prefix.ljust(155, b"\0")
    block = block.ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def padded(data):
    return data + bytes(-len(data) % 512)


def pax(records, kind=b"x"):
    """An extended header: records by name, whose values are bytes or text."""
    body = b""
    for key, value in records.items():
        line = b" %s=%s\n" % (key.encode(), value.encode() if isinstance(value, str) else value)
        size = len(line)
        while len(str(size)) + len(line) != size:
            size = len(str(size)) + len(line)
        body += b"%d%s" % (size, line)
    return header("pax", kind, body) + padded(body)


class Tar:
    """A layer, header by header."""

    def __init__(self):
        self.bytes = b""

    def put(self, name, data=b"", kind=REGULAR, link=b"", mode=0o644, pax_records=None, body=None, **more):
        if pax_records:
            self.bytes += pax(pax_records)
        self.bytes += header(name, kind, data, link, mode, **more) + padded(data if body is None else body)
        return self

    def directory(self, name, mode=0o755, **more):
        return self.put(name + "/", kind=DIRECTORY, mode=mode, **more)

    def link(self, name, target, **more):
        return self.put(name, kind=LINK, link=target, mode=0o777, **more)

    def raw(self, data):
        self.bytes += data
        return self

    def finished(self):
        return self.bytes + bytes(1024)


class Odd:
    """One image. `case` is the function that makes it what it is."""

    kind = "odd"

    def __init__(self, number, name, case):
        self.seed, self.notes, self.nonce = number, [name], "nonce-odd-%d" % number
        self.config = {"Env": [PATH], "Entrypoint": ["/app/start"]}
        self.program = elf(self.nonce)
        self.outer = {}  # of the configuration, beside its "config"
        self.manifest = {}
        self.base = Tar()
        for directory in ("usr", "usr/bin", "usr/lib", "etc", "app"):
            self.base.directory(directory)
        self.base.link("bin", "usr/bin").link("lib", "usr/lib")
        self.base.put("usr/bin/sh", self.program, mode=0o755)
        self.layers = [self.base]
        self.spelled = None
        self.manifest_spelled = None
        self.index_spelled = None
        self.layout = {"imageLayoutVersion": "1.0.0"}
        case(self)

    def next(self):
        self.layers.append(Tar())
        return self.layers[-1]

    def start(self, data=None, mode=0o755, **more):
        self.base.put("app/start", self.program if data is None else data, mode=mode, **more)

    def stored(self, data):
        """A layer as it is compressed, and its media type."""
        return packed(data, "+gzip"), LAYER + "+gzip"

    def write(self, place):
        blob = blob_writer(place)
        raw = [layer.finished() if isinstance(layer, Tar) else layer for layer in self.layers]
        layers = [blob(*self.stored(data)) for data in raw]
        config = {"architecture": "arm64", "os": "linux", "config": self.config,
                  "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(data).hexdigest() for data in raw]}, **self.outer}
        text = json.dumps(config)
        described = blob((self.spelled(text) if self.spelled else text).encode(), "application/vnd.oci.image.config.v1+json")
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": described, "layers": layers, **self.manifest}
        text = json.dumps(manifest)
        entry = blob((self.manifest_spelled(text) if self.manifest_spelled else text).encode(), "application/vnd.oci.image.manifest.v1+json",
                     platform={"os": "linux", "architecture": "arm64"})
        entry["annotations"] = {"org.opencontainers.image.ref.name": "image", "io.containerd.image.name": "localhost/image:%d" % self.seed}
        documents = {"oci-layout": self.layout, "index.json": {"schemaVersion": 2, "manifests": [entry]}}
        for name, document in documents.items():
            if document is None:
                continue
            text = json.dumps(document)
            with open(os.path.join(place, name), "wb") as file:
                file.write((self.index_spelled(text) if self.index_spelled and name == "index.json" else text).encode())


ODD = {}


def odd(name):
    def keep(function):
        ODD[name] = function
        return function
    return keep


def simple(name, make):
    ODD[name] = make


def script(name, line, **more):
    def make(image):
        image.start(line if isinstance(line, bytes) else line(image), **more)
    ODD["script-" + name] = make


# -- scripts

script("tabs", b"#!\t \t/usr/bin/sh\n")
script("nul", b"#!/usr/bin/sh\0junk\n")
script("nul-before", b"#!\0/usr/bin/sh\n")
script("blank-only", b"#! \t \n")
script("blanks-behind", b"#!/usr/bin/sh \t \n")
script("dots", b"#!/usr/bin/../bin/./sh\n")
script("slashes", b"#!//usr///bin//sh\n")
script("below-file", b"#!/usr/bin/sh/x\n")
script("directory", b"#!/usr/bin\n")
script("unreadable", b"#!/usr/bin/sh\n", mode=0o111)
script("vertical-tab", b"#!\v/usr/bin/sh\n")
script("form-feed-behind", b"#!/usr/bin/sh\f\n")
script("group-only", b"#!/usr/bin/sh\n", mode=0o010)
script("set-user-id", b"#!/usr/bin/sh\n", mode=0o4755)
script("two-bytes", b"#!")
script("hash-newline", b"#!\n/usr/bin/sh\n")


@odd("script-interpreter-fifo")
def _(image):
    image.base.put("usr/bin/pipe", kind=FIFO, mode=0o755)
    image.start(b"#!/usr/bin/pipe\n")


@odd("script-interpreter-device")
def _(image):
    image.base.put("usr/bin/null", kind=CHARACTER, mode=0o755, major=1, minor=3)
    image.start(b"#!/usr/bin/null\n")


@odd("script-interpreter-loop")
def _(image):
    image.base.link("usr/bin/a", "b").link("usr/bin/b", "a")
    image.start(b"#!/usr/bin/a\n")


@odd("script-interpreter-above-root")
def _(image):
    image.base.link("usr/bin/a", "../../../../usr/bin/sh")
    image.start(b"#!/../../usr/bin/a\n")


@odd("script-interpreter-static-pie")
def _(image):
    image.base.put("usr/bin/pie", elf(image.nonce, kind="shared"), mode=0o755)
    image.start(b"#!/usr/bin/pie\n")


@odd("script-hard-link")
def _(image):
    image.base.put("usr/bin/script", b"#!/usr/bin/sh\n", mode=0o755).put("app/start", kind=HARD, link="usr/bin/script", mode=0o755)


# -- entrypoints

def entrypoint(name, words, environment=None, directory=None, **more):
    def make(image):
        image.start()
        image.config["Entrypoint"] = words
        if environment is not None:
            image.config["Env"] = environment
        if directory is not None:
            image.config["WorkingDir"] = directory
        image.config.update(more)
    ODD["entrypoint-" + name] = make


entrypoint("dot", ["./start"], directory="/app")
entrypoint("dot-elsewhere", ["./start"], directory="/usr")
entrypoint("relative", ["app/start"], directory="/")
entrypoint("empty-path-part", ["start"], ["PATH=/usr/bin::/bin"], "/app")
entrypoint("relative-path-part", ["start"], ["PATH=/usr/bin:app"], "/")
entrypoint("dot-path-part", ["start"], ["PATH=/usr/bin:."], "/app")
entrypoint("no-path", ["sh"], [])
entrypoint("empty-path", ["sh"], ["PATH="])
entrypoint("null-env", ["sh"], None, Env=None)
entrypoint("empty-word", [""])
entrypoint("empty-word-cmd", ["", "/app/start"])
entrypoint("cmd-only", [], Cmd=["/app/start"])
entrypoint("null", None, Cmd=["/app/start"])
entrypoint("nothing", [], Cmd=[])
entrypoint("dots", ["/app/../app/./start"])
entrypoint("slashes", ["//app///start"])
entrypoint("env-no-equals", ["/app/start"], [PATH, "NOEQUALS"])
entrypoint("env-no-name", ["/app/start"], [PATH, "=x"])
entrypoint("env-twice", ["sh"], ["PATH=/none", PATH])
entrypoint("env-twice-last-wrong", ["sh"], [PATH, "PATH=/none"])
entrypoint("env-nul", ["/app/start"], [PATH, "A=b\0c"])
entrypoint("env-newline", ["/app/start"], [PATH, "A=b\nc"])
entrypoint("word-nul", ["/app/start", "a\0b"])
entrypoint("user-zero", ["/app/start"], User="0:0")
entrypoint("user-large", ["/app/start"], User="4294967294")
entrypoint("user-too-large", ["/app/start"], User="4294967296")
entrypoint("user-minus", ["/app/start"], User="-1")
entrypoint("user-blank", ["/app/start"], User=" 0")
entrypoint("user-colon", ["/app/start"], User="0:")
entrypoint("user-no-name", ["/app/start"], User=":0")
entrypoint("user-octal", ["/app/start"], User="0001000")
entrypoint("working-dots", ["/app/start"], directory="/a/../b")
entrypoint("working-link", ["/app/start"], directory="/bin")
entrypoint("volume-over", ["/app/start"], Volumes={"/app": {}})
entrypoint("stop-signal", ["/app/start"], StopSignal="SIGNONSENSE")
entrypoint("ports", ["/app/start"], ExposedPorts={"nonsense": {}})
entrypoint("name-unicode", ["/app/stårt"])


@odd("entrypoint-name-not-utf8")
def _(image):
    image.base.put(b"app/st\xff", image.program, mode=0o755)
    image.config["Entrypoint"] = ["/app/st\ufffd"]


def chain(name, length):
    def make(image):
        image.start()
        for step in range(length):
            image.base.link("app/l%d" % step, "start" if step == 0 else "l%d" % (step - 1))
        image.config["Entrypoint"] = ["/app/l%d" % (length - 1)]
    ODD[name] = make


chain("links-39", 39)
chain("links-40", 40)
chain("links-41", 41)


@odd("link-slash")
def _(image):
    image.start()
    image.base.link("app/l", "start/")
    image.config["Entrypoint"] = ["/app/l"]


@odd("link-empty")
def _(image):
    image.start()
    image.base.link("app/l", "")


@odd("link-long")
def _(image):
    image.start()
    image.base.put("app/l", kind=LINK, pax_records={"linkpath": "x" * 4096}, mode=0o777)


@odd("link-4095")
def _(image):
    image.start()
    image.base.put("app/l", kind=LINK, pax_records={"linkpath": "x" * 4095}, mode=0o777)


@odd("link-loop-parent")
def _(image):
    image.start()
    image.base.link("app/a", "b").link("app/b", "a").put("app/a/file", b"x")


# -- programs

def segments(image, parts, entry=None, kind=2, change=None, body=b"", order=None, machine=183, version=1, ident=None, phentsize=SEGMENT, phoff=HEADER, count=None, flags=0):
    """A program with these headers: (type, flags, offset, address, filesz, memsz, align); what is None of the last five is of the whole file."""
    text = code(image.nonce)
    place = HEADER + SEGMENT * len(parts)
    place += -place % 16
    total = place + len(text) + len(body)
    base = 0x400000 if kind == 2 else 0
    out = ident or b"\x7fELF\x02\x01\x01" + bytes(9)
    out += struct.pack("<HHIQQQIHHHHHH", kind, machine, version, base + place if entry is None else entry, phoff, 0, flags, HEADER, phentsize, len(parts) if count is None else count, 0, 0, 0)
    for type_, rights, offset, address, filesz, memsz, align in parts:
        filesz = total if filesz is None else filesz
        out += struct.pack("<IIQQQQQQ", type_, rights, 0 if offset is None else offset, base if address is None else address, base if address is None else address,
                           filesz, filesz if memsz is None else memsz, 0x10000 if align is None else align)
    return out.ljust(place, b"\0") + text + body


LOAD = (1, 7, None, None, None, None, None)


def program(name, parts=(LOAD,), **more):
    def make(image):
        image.start(segments(image, parts, **more))
    ODD["program-" + name] = make


program("plain")
program("phentsize-64", phentsize=64)
program("phentsize-0", phentsize=0)
program("version-0", version=0)
program("ident-version-0", ident=b"\x7fELF\x02\x01\x00" + bytes(9))
program("ident-class-1", ident=b"\x7fELF\x01\x01\x01" + bytes(9))
program("ident-data-2", ident=b"\x7fELF\x02\x02\x01" + bytes(9))
program("ident-padding", ident=b"\x7fELF\x02\x01\x01\0\0AB" + bytes(5))
program("osabi-gnu", ident=b"\x7fELF\x02\x01\x01\x03" + bytes(8))
program("osabi-arm", ident=b"\x7fELF\x02\x01\x01\x61" + bytes(8))
program("abi-version", ident=b"\x7fELF\x02\x01\x01\x00\x07" + bytes(7))
program("flags", flags=0x5000000)
program("phoff-behind", phoff=0x100000)
program("phoff-zero", phoff=0)
program("phnum-all", count=0xFFFF)
program("phnum-beyond", count=1000)
program("type-rel", kind=1)
program("type-core", kind=4)
program("type-none", kind=0)
program("load-not-executable", ((1, 4, None, None, None, None, None),))
program("load-write-execute", ((1, 6 | 1, None, None, None, None, None),))
program("entry-odd", entry=0x400079)
program("entry-zero", entry=0)
program("filesz-above-memsz", ((1, 7, None, None, None, 64, None),))
program("align-3", ((1, 7, None, None, None, None, 3),))
program("align-0", ((1, 7, None, None, None, None, 0),))
program("align-16", ((1, 7, None, None, None, None, 16),))
program("address-off", ((1, 7, None, 0x400010, None, None, None),), entry=0x400090)
program("address-0", ((1, 7, None, 0, None, None, None),), entry=0x80)
program("address-kernel", ((1, 7, None, 0xFFFF000000000000, None, None, None),), entry=0xFFFF000000000080)
program("load-none", ((4, 4, None, None, None, None, None),))
program("load-twice", (LOAD, LOAD), entry=0x4000B0)
program("load-empty", (LOAD, (1, 6, 0, 0x600000, 0, 0, None)), entry=0x4000B0)
program("load-bss", (LOAD, (1, 6, 0, 0x600000, 0, 0x10000, None)), entry=0x4000B0)
program("load-downward", ((1, 6, 0, 0x900000, 64, 64, None), LOAD), entry=0x4000B0)
program("stack-execute", (LOAD, (0x6474E551, 7, 0, 0, 0, 0, 16)), entry=0x4000B0)
program("unknown-segment", (LOAD, (0x6FFFFFFF, 7, 0, 0, 0, 0, 0)), entry=0x4000B0)
program("section-headers-odd", body=b"x" * 99)
program("shared-plain", ((1, 7, 0, 0, None, None, None),), kind=3)


@odd("program-64-bytes")
def _(image):
    image.start(image.program[:64])


@odd("program-63-bytes")
def _(image):
    image.start(image.program[:63])


@odd("program-20-bytes")
def _(image):
    image.start(image.program[:20])


def loaded(name, words, loader=True, more=(), mode=0o755, loader_kind="shared", place="usr/lib/ld.so", size=None, directory=None):
    """A program with PT_INTERP of these bytes; the loader prints the nonce, the program another text."""
    def make(image):
        wrong = Odd.__new__(Odd)
        wrong.nonce = "wrong"
        heads = 2 + len(more)
        offset = HEADER + SEGMENT * heads + -(HEADER + SEGMENT * heads) % 16 + len(code("wrong"))
        length = len(words) if size is None else size
        image.start(segments(wrong, ((3, 4, offset, 0x400000 + offset, length, length, 1), LOAD, *more), body=words))
        if loader:
            image.base.put(place, elf(image.nonce, kind=loader_kind), mode=mode)
        if directory:
            image.config["WorkingDir"] = directory
    ODD["loader-" + name] = make


loaded("plain", b"/usr/lib/ld.so\0")
loaded("by-link", b"/lib/ld.so\0")
loaded("no-nul", b"/usr/lib/ld.so")
loaded("nul-twice", b"/usr/lib/ld.so\0\0")
loaded("nul-inside", b"/usr/lib/ld.so\0junk\0")
loaded("empty", b"\0")
loaded("nothing", b"", size=0)
loaded("relative", b"usr/lib/ld.so\0", directory="/")
loaded("relative-elsewhere", b"usr/lib/ld.so\0", directory="/usr")
loaded("long", b"/" + b"./" * 2100 + b"usr/lib/ld.so\0")
loaded("4095", (b"/" * 4081 + b"usr/lib/ld.so")[-4095:] + b"\0")
loaded("static", b"/usr/lib/ld.so\0", loader_kind="static", place="usr/lib/ld.so")
loaded("slash", b"/usr/lib/ld.so/\0")
loaded("itself", b"/app/start\0", loader=False)
loaded("beyond-file", b"/usr/lib/ld.so\0", size=0x100000)


@odd("loader-twice")
def _(image):
    wrong = Odd.__new__(Odd)
    wrong.nonce = "wrong"
    heads = HEADER + SEGMENT * 3
    offset = heads + -heads % 16 + len(code("wrong"))
    names = b"/usr/lib/ld.so\0/none\0"
    image.start(segments(wrong, ((3, 4, offset, 0x400000 + offset, 15, 15, 1), (3, 4, offset + 15, 0x400000 + offset + 15, 6, 6, 1), LOAD), body=names))
    image.base.put("usr/lib/ld.so", elf(image.nonce, kind="shared"), mode=0o755)


@odd("loader-has-loader")
def _(image):
    image.base.put("usr/lib/ld.so", elf(image.nonce, kind="shared", interpreter="/none"), mode=0o755)
    image.start(elf("wrong", interpreter="/usr/lib/ld.so"))


@odd("loader-of-another-machine")
def _(image):
    loader = bytearray(elf(image.nonce, kind="shared"))
    loader[18] = 62
    image.base.put("usr/lib/ld.so", bytes(loader), mode=0o755)
    image.start(elf("wrong", interpreter="/usr/lib/ld.so"))


@odd("loader-unreadable")
def _(image):
    image.base.put("usr/lib/ld.so", elf(image.nonce, kind="shared"), mode=0o111)
    image.start(elf("wrong", interpreter="/usr/lib/ld.so"))


@odd("program-unreadable-by-user")
def _(image):
    image.start(mode=0o711)
    image.config["User"] = "1000:1000"


@odd("program-set-user-id")
def _(image):
    image.start(mode=0o4755, uid=1000)
    image.config["User"] = "2000"


# -- whiteouts

@odd("whiteout-opaque-above")
def _(image):
    image.start()
    image.next().directory("app").put("app/.wh..wh..opq")


@odd("whiteout-opaque-first")
def _(image):
    image.start(elf("old"))
    image.next().directory("app").put("app/.wh..wh..opq").put("app/start", image.program, mode=0o755)


@odd("whiteout-opaque-last")
def _(image):
    image.start(elf("old"))
    image.next().directory("app").put("app/start", image.program, mode=0o755).put("app/.wh..wh..opq")


@odd("whiteout-opaque-root")
def _(image):
    image.start()
    image.next().put(".wh..wh..opq").put("other", b"x")


@odd("whiteout-opaque-twice")
def _(image):
    image.start(elf("old"))
    image.next().directory("app").put("app/.wh..wh..opq").put("app/.wh..wh..opq").put("app/start", image.program, mode=0o755)


@odd("whiteout-opaque-with-data")
def _(image):
    image.start()
    image.next().directory("app").put("app/.wh..wh..opq", b"data").put("app/other", b"x")


@odd("whiteout-opaque-as-directory")
def _(image):
    image.start()
    image.next().directory("app").directory("app/.wh..wh..opq")


@odd("whiteout-of-directory")
def _(image):
    image.start()
    image.next().put(".wh.app")


@odd("whiteout-then-again")
def _(image):
    image.start(elf("old"))
    image.next().put("app/.wh.start")
    image.next().put("app/start", image.program, mode=0o755)


@odd("whiteout-as-directory")
def _(image):
    image.start()
    image.next().directory("app/.wh.start")


@odd("whiteout-as-link")
def _(image):
    image.start()
    image.next().link("app/.wh.start", "x")


@odd("whiteout-with-data")
def _(image):
    image.start()
    image.next().put("app/.wh.start", b"data")


@odd("whiteout-of-nothing")
def _(image):
    image.start()
    image.next().put("app/.wh.none").put("none/.wh.none")


@odd("whiteout-aufs")
def _(image):
    image.start()
    image.next().put(".wh..wh.aufs").directory(".wh..wh.plnk").directory(".wh..wh.orph").put(".wh..wh.plnk/1.2", b"x")


@odd("whiteout-in-first-layer")
def _(image):
    image.start()
    image.base.put("app/.wh.none")


@odd("whiteout-before-file-of-same-layer")
def _(image):
    image.start(elf("old"))
    image.next().put("app/.wh.start").put("app/start", image.program, mode=0o755)


@odd("whiteout-through-link")
def _(image):
    image.start(b"#!/usr/bin/sh\n")
    image.next().put("bin/.wh.sh")


@odd("overlay-whiteout")
def _(image):
    image.start()
    image.next().put("app/start", kind=CHARACTER)


@odd("overlay-opaque")
def _(image):
    image.start()
    image.next().directory("app", pax_records={"SCHILY.xattr.trusted.overlay.opaque": "y"}).put("app/other", b"x")


@odd("overlay-opaque-user")
def _(image):
    image.start()
    image.next().directory("app", pax_records={"SCHILY.xattr.user.overlay.opaque": "y"}).put("app/other", b"x")


@odd("overlay-redirect")
def _(image):
    image.start()
    image.next().directory("other", pax_records={"SCHILY.xattr.trusted.overlay.redirect": "/app"})


@odd("file-over-directory")
def _(image):
    image.base.directory("app/start")
    image.next().put("app/start", image.program, mode=0o755)


@odd("directory-over-file")
def _(image):
    image.start()
    image.next().directory("app/start")


@odd("link-over-directory")
def _(image):
    image.start()
    image.next().link("app", "usr")


@odd("directory-over-link")
def _(image):
    image.start(b"#!/bin/sh\n")
    image.next().directory("bin")


# -- hard links

@odd("hard-link-to-link")
def _(image):
    image.start()
    image.base.link("app/l", "start").put("app/h", kind=HARD, link="app/l")
    image.config["Entrypoint"] = ["/app/h"]


@odd("hard-link-to-directory")
def _(image):
    image.start()
    image.base.put("app/h", kind=HARD, link="usr/bin")


@odd("hard-link-to-itself")
def _(image):
    image.start()
    image.base.put("app/h", kind=HARD, link="app/h")


@odd("hard-link-ahead")
def _(image):
    image.base.put("app/start", kind=HARD, link="app/later", mode=0o755).put("app/later", image.program, mode=0o755)


@odd("hard-link-with-size")
def _(image):
    image.start()
    image.base.put("app/h", kind=HARD, link="app/start", size=100, body=b"", mode=0o755)


@odd("hard-link-with-data")
def _(image):
    image.start()
    image.base.put("app/h", b"x" * 100, kind=HARD, link="app/start", mode=0o755)
    image.base.put("app/behind", b"x")


@odd("hard-link-dot")
def _(image):
    image.base.put("usr/bin/real", image.program, mode=0o755).put("app/start", kind=HARD, link="./usr/bin/../bin/real", mode=0o755)


@odd("hard-link-up")
def _(image):
    image.base.put("usr/bin/real", image.program, mode=0o755).put("app/start", kind=HARD, link="../usr/bin/real", mode=0o755)


@odd("hard-link-through-link")
def _(image):
    image.base.put("app/start", kind=HARD, link="bin/sh", mode=0o755)


@odd("hard-link-twice")
def _(image):
    image.start()
    image.base.put("app/h", kind=HARD, link="app/start", mode=0o755).put("app/h", kind=HARD, link="app/start", mode=0o755)


@odd("hard-link-to-fifo")
def _(image):
    image.start()
    image.base.put("app/pipe", kind=FIFO).put("app/h", kind=HARD, link="app/pipe")


@odd("hard-link-across-layers-again")
def _(image):
    image.start()
    image.next().put("app/start", image.program, mode=0o755).put("app/h", kind=HARD, link="app/start", mode=0o755)


# -- attributes, owners, times

def attribute(name, key, value):
    def make(image):
        image.start(pax_records={"SCHILY.xattr." + key: value})
    ODD["attribute-" + name] = make


attribute("capability", "security.capability", bytes.fromhex("0100000200040000000000000000000000000000"))
attribute("capability-odd", "security.capability", b"nonsense")
attribute("user", "user.note", b"x")
attribute("unknown-namespace", "nonsense.note", b"x")
attribute("trusted", "trusted.note", b"x")
attribute("large", "user.large", b"x" * 70000)
attribute("empty-name", "user.", b"x")
attribute("equals", "user.a=b", b"x")


def owner(name, uid, gid=0, **more):
    def make(image):
        image.start(uid=uid, gid=gid, **more)
    ODD["owner-" + name] = make


owner("minus-one", 0xFFFFFFFF)
owner("minus-two", 0xFFFFFFFE)
owner("33-bits", 1 << 32)
owner("negative", -1)
owner("large", 0x80000000)
owner("pax", 0, pax_records={"uid": "100000", "gid": "100000"})
owner("pax-minus", 0, pax_records={"uid": "-1"})
owner("pax-text", 0, pax_records={"uid": "root"})
owner("time-negative", 0, mtime=-1)
owner("time-far", 0, mtime=1 << 40)
owner("pax-time-odd", 0, pax_records={"mtime": "1.2.3"})
owner("pax-time-fraction", 0, pax_records={"mtime": "-0.5"})


# -- tar

@odd("tar-slash-file")
def _(image):
    image.base.put("app/start/", image.program, mode=0o755)


@odd("tar-slash-old-type")
def _(image):
    image.start()
    image.base.put("app/old/", kind=b"\0", mode=0o755)


@odd("tar-slash-old-type-data")
def _(image):
    image.start()
    image.base.put("app/old/", b"x" * 600, kind=b"\0", mode=0o755).put("app/behind", b"x")


@odd("tar-slash-link")
def _(image):
    image.start()
    image.base.link("app/l/", "start")


@odd("tar-old-type")
def _(image):
    image.start(kind=b"\0")


@odd("tar-v7")
def _(image):
    image.start(magic=b"", mode=0o755)


@odd("tar-gnu-magic")
def _(image):
    image.start(magic=b"ustar  \0")


@odd("tar-prefix")
def _(image):
    image.base.put("start", image.program, mode=0o755, prefix=b"app")


@odd("tar-prefix-dots")
def _(image):
    image.base.put("start", image.program, mode=0o755, prefix=b"../app")


@odd("tar-volume-label")
def _(image):
    image.start()
    image.layers.append(header("label", b"V") + Tar().put("srv", b"x").finished())


@odd("tar-volume-label-only")
def _(image):
    image.start()
    image.layers.append(header("label", b"V") + bytes(1024))


@odd("tar-global-header")
def _(image):
    image.start()
    image.layers.append(pax({"comment": "0123456789abcdef"}, b"g") + Tar().put("srv", b"x").finished())


@odd("tar-global-header-only")
def _(image):
    image.start()
    image.layers.append(pax({"comment": "0123456789abcdef"}, b"g") + bytes(1024))


@odd("tar-global-path")
def _(image):
    image.start()
    image.layers.append(pax({"path": "app/other"}, b"g") + Tar().put("srv", b"x").finished())


@odd("tar-pax-only")
def _(image):
    image.start()
    image.layers.append(pax({"path": "srv"}) + bytes(1024))


@odd("tar-pax-twice")
def _(image):
    image.start()
    image.next().raw(pax({"path": "one"}) + pax({"path": "two"})).put("srv", b"x")


@odd("tar-pax-path-nul")
def _(image):
    image.start()
    image.next().put("srv", b"x", pax_records={"path": b"a\0b"})


@odd("tar-pax-path-empty")
def _(image):
    image.start()
    image.next().put("srv", b"x", pax_records={"path": b""})


@odd("tar-pax-size")
def _(image):
    image.start()
    image.next().put("srv", b"x" * 600, pax_records={"size": "600"}, size=0)


@odd("tar-pax-size-odd")
def _(image):
    image.start()
    image.next().put("srv", b"x", pax_records={"size": "-1"})


@odd("tar-pax-odd-record")
def _(image):
    image.start()
    body = b"99 path=x\n"
    image.next().raw(header("pax", b"x", body) + padded(body)).put("srv", b"x")


@odd("tar-pax-no-newline")
def _(image):
    image.start()
    body = b"10 path=xy"
    image.next().raw(header("pax", b"x", body) + padded(body)).put("srv", b"x")


@odd("tar-long-name-slash")
def _(image):
    image.start()
    name = b"srv/" + b"n/" * 60
    image.next().raw(header("././@LongLink", b"L", name + b"\0", magic=b"ustar  \0") + padded(name + b"\0")).put("n", kind=DIRECTORY, mode=0o755, magic=b"ustar  \0")


@odd("tar-long-name-no-nul")
def _(image):
    image.start()
    name = b"srv/long"
    image.next().raw(header("././@LongLink", b"L", name, magic=b"ustar  \0") + padded(name)).put("n", b"x", magic=b"ustar  \0")


@odd("tar-long-name-only")
def _(image):
    image.start()
    name = b"srv/long\0"
    image.layers.append(header("././@LongLink", b"L", name, magic=b"ustar  \0") + padded(name) + bytes(1024))


@odd("tar-name-empty")
def _(image):
    image.start()
    image.next().put("", b"x")


@odd("tar-name-dot-file")
def _(image):
    image.start()
    image.next().put(".", b"x")


@odd("tar-name-newline")
def _(image):
    image.start()
    image.next().put("srv\nfile\\x", b"x")


@odd("tar-name-not-utf8")
def _(image):
    image.start()
    image.next().put(b"srv-\xff\xfe", b"x")


@odd("tar-mode-all")
def _(image):
    image.start(mode=0o7777)


@odd("tar-mode-type")
def _(image):
    image.start(mode=0o100755)


@odd("tar-implied-directories")
def _(image):
    image.start()
    image.next().put("srv/deep/er/file", b"x")


@odd("tar-directory-with-size")
def _(image):
    image.start()
    image.next().put("srv/", kind=DIRECTORY, mode=0o755, size=1000).put("srv/x", b"x")


@odd("tar-fifo-with-size")
def _(image):
    image.start()
    image.next().put("srv", b"x" * 100, kind=FIFO).put("srv2", b"x")


@odd("tar-checksum-signed")
def _(image):
    image.start()
    block = bytearray(header(b"srv-\xff", data=b"x"))
    block[148:156] = b" " * 8
    total = sum(byte - 256 if byte > 127 else byte for byte in block)
    block[148:156] = b"%06o\0 " % total
    image.layers.append(bytes(block) + padded(b"x") + bytes(1024))


@odd("tar-checksum-wrong")
def _(image):
    image.start()
    block = bytearray(header("srv", data=b"x"))
    block[0] ^= 1
    image.layers.append(bytes(block) + padded(b"x") + bytes(1024))


@odd("tar-no-end")
def _(image):
    image.start()
    image.layers.append(header("srv", data=b"x") + padded(b"x"))


@odd("tar-cut-padding")
def _(image):
    image.start()
    image.layers.append(header("srv", data=b"x") + b"x")


@odd("tar-end-512")
def _(image):
    image.start()
    image.layers.append(header("srv", data=b"x") + padded(b"x") + bytes(512))


@odd("tar-zeros")
def _(image):
    image.start()
    image.layers.append(bytes(10240))


@odd("tar-zeros-short")
def _(image):
    image.start()
    image.layers.append(bytes(100))


@odd("tar-device")
def _(image):
    image.start()
    image.next().put("srv", kind=CHARACTER, mode=0o666, major=1, minor=3).put("blk", kind=BLOCK, major=7, minor=0)


@odd("tar-device-huge")
def _(image):
    image.start()
    image.next().put("srv", kind=CHARACTER, mode=0o666, major=0o7777777, minor=0o7777777)


@odd("tar-below-link-outside")
def _(image):
    image.start()
    image.next().link("srv", "/../../etc").put("srv/file", b"x")


@odd("tar-below-fifo")
def _(image):
    image.start()
    image.next().put("srv", kind=FIFO).put("srv/x", b"x")


# -- documents

def document(name, spelled=None, manifest=None, index=None, **outer):
    def make(image):
        image.start()
        image.outer, image.spelled, image.manifest_spelled, image.index_spelled = outer, spelled, manifest, index
    ODD["document-" + name] = make


document("created-odd", created="yesterday")
document("created-null", created=None)
document("created-short", created="2024-01-01")
document("created-lower", created="2024-01-01t00:00:00z")
document("history-odd", history=[{"created": "nonsense"}])
document("history-number", history=7)
document("author-number", author=7)
document("architecture-capitals", architecture="ARM64")
document("architecture-aarch64", architecture="aarch64")
document("os-capitals", os="Linux")
document("variant-8", variant="8")
document("variant-empty", variant="")
document("variant-v9", variant="v9")
document("rootfs-type", lambda text: text.replace('"type": "layers"', '"type": "other"'))
document("rootfs-no-type", lambda text: text.replace('"type": "layers", ', ""))
document("diff-ids-more", lambda text: text.replace('"diff_ids": [', '"diff_ids": ["sha256:' + "0" * 64 + '", '))
document("diff-ids-none", lambda text: text[:text.index('"rootfs"')] + '"rootfs": {"type": "layers", "diff_ids": []}}')
document("config-null", lambda text: text.replace('"config": {"Env"', '"config": null, "other": {"Env"'))
document("entrypoint-text", lambda text: text.replace('["/app/start"]', '"/app/start"'))
document("entrypoint-numbers", lambda text: text.replace('["/app/start"]', '["/app/start", 1]'))
document("entrypoint-null-word", lambda text: text.replace('["/app/start"]', '["/app/start", null]'))
document("env-object", lambda text: text.replace('["PATH=/usr/bin:/bin"]', "{}"))
document("duplicate-label", lambda text: text.replace('"config": {', '"config": {"Labels": {"a": "1", "a": "2", "A": "3"}, '))
document("label-number", lambda text: text.replace('"config": {', '"config": {"Labels": {"a": 1}, '))
document("user-number", lambda text: text.replace('"config": {', '"config": {"User": 0, '))
document("escapes", lambda text: text.replace("/app/start", "\\u002fapp\\u002fst\\u0061rt"))
document("surrogate", lambda text: text.replace('"config": {', '"config": {"Labels": {"a": "\\ud800"}, '))
document("control", lambda text: text.replace('"config": {', '"config": {"Labels": {"a": "\x01"}, '))
document("big-number", lambda text: text.replace('"config": {', '"other": 1e999, "config": {'))
document("leading-zero", lambda text: text.replace('"config": {', '"other": 01, "config": {'))
document("deep", lambda text: text.replace('"config": {', '"other": ' + "[" * 9000 + "]" * 9000 + ', "config": {'))
document("blanks-around", lambda text: " \r\n\t" + text + "\n\n ")
document("manifest-size-float", manifest=lambda text: text.replace('"schemaVersion": 2', '"schemaVersion": 2.0'))
document("manifest-schema-1", manifest=lambda text: text.replace('"schemaVersion": 2', '"schemaVersion": 1'))
document("manifest-no-schema", manifest=lambda text: text.replace('"schemaVersion": 2, ', ""))
document("manifest-no-type", manifest=lambda text: text.replace('"mediaType": "application/vnd.oci.image.manifest.v1+json", ', "", 1))
document("manifest-other-type", manifest=lambda text: text.replace("image.manifest.v1+json", "image.index.v1+json", 1))
document("manifest-annotation-number", manifest=lambda text: text[:-1] + ', "annotations": {"a": 1}}')
document("manifest-urls", manifest=lambda text: text.replace('"layers": [{', '"layers": [{"urls": ["http://none"], '))
document("manifest-subject", manifest=lambda text: text[:-1] + ', "subject": {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:' + "0" * 64 + '", "size": 1}}')
document("manifest-artifact-type", manifest=lambda text: text[:-1] + ', "artifactType": "application/x"}')
document("manifest-data", manifest=lambda text: text.replace('"layers": [{', '"layers": [{"data": "bm9uc2Vuc2U=", '))
document("manifest-both", manifest=lambda text: text[:-1] + ', "manifests": []}')
