"""Images at random, as OCI layouts: layers, links, whiteouts, types, platforms, scripts, programs, and in some of them one thing that is wrong."""

import gzip
import hashlib
import io
import json
import os
import random
import subprocess
import tarfile
import tempfile

from programs import elf

LAYER = "application/vnd.oci.image.layer.v1.tar"
DIRECTORIES = ["a", "a/b", "opt", "opt/x", "usr", "usr/lib", "usr/bin", "srv/deep/er", "etc"]
NAMES = ["one", "two", "three", "four", "link", "hard", "bin"]


def blob_writer(place):
    """Makes the blobs of an OCI layout's directory. Returns what writes one, and gives its descriptor."""
    blobs = os.path.join(place, "blobs/sha256")
    os.makedirs(blobs)

    def blob(data, kind, **more):
        digest = hashlib.sha256(data).hexdigest()
        with open(os.path.join(blobs, digest), "wb") as file:
            file.write(data)
        return {"mediaType": kind, "digest": "sha256:" + digest, "size": len(data), **more}

    return blob


class Layer:
    """A tar, entry by entry."""

    def __init__(self):
        self.out = io.BytesIO()
        self.tar = tarfile.open(fileobj=self.out, mode="w", format=tarfile.PAX_FORMAT)
        self.names = []
        self.files = []

    def add(self, name, data=b"", kind=tarfile.REGTYPE, link="", mode=0o644):
        info = tarfile.TarInfo(name)
        info.type, info.linkname, info.size, info.mode = kind, link, len(data), mode
        if kind in (tarfile.CHRTYPE, tarfile.BLKTYPE):
            info.devmajor, info.devminor = 1, 3
        self.tar.addfile(info, io.BytesIO(data) if data else None)
        self.names.append(name)
        if kind == tarfile.REGTYPE and ".wh." not in name:
            self.files.append(name)

    def directory(self, name, mode=0o755):
        self.add(name, kind=tarfile.DIRTYPE, mode=mode)

    def link(self, name, target):
        self.add(name, kind=tarfile.SYMTYPE, link=target, mode=0o777)

    def finished(self):
        self.tar.close()
        return self.out.getvalue()


class Image:
    """One image: what it is made of, and what a seed has chosen."""

    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.nonce = "nonce-%d-%d" % (seed, self.random.randrange(10**9))
        self.notes = []
        self.config = {"Env": ["PATH=/usr/bin:/bin"]}
        self.raw = []  # of each layer, the tar
        self.make()

    def one(self, *choices):
        return self.random.choice(choices)

    def chance(self, part):
        return self.random.random() < part

    # -- what is in the layers

    def base(self):
        layer = Layer()
        for name in ["usr", "usr/bin", "usr/lib", "etc"]:
            layer.directory(name)
        if self.chance(0.6):
            self.merged = True
            layer.link("bin", "usr/bin")
            layer.link("lib", self.one("usr/lib", "/usr/lib"))
        else:
            self.merged = False
            layer.directory("bin")
            layer.directory("lib")
        return layer

    def filling(self, layer):
        """Files, directories, links and devices that no entrypoint needs."""
        below = [name for one in self.below for name in one.names]
        for _ in range(self.random.randrange(0, 9)):
            directory = self.one(*DIRECTORIES)
            name = directory + "/" + self.one(*NAMES)
            if name in layer.names or any(name.startswith(other + "/") or other.startswith(name + "/") for other in layer.names if other not in DIRECTORIES):
                continue
            shape = self.random.randrange(0, 14)
            if shape < 4:
                layer.add(name, self.one(b"", b"text\n", b"x" * 700), mode=self.one(0o644, 0o600, 0o755, 0o4755, 0o1777))
            elif shape < 6:
                layer.directory(name, mode=self.one(0o755, 0o700, 0o1777))
            elif shape < 8:
                layer.link(name, self.one("one", "../a/two", "/opt/x", "/none", ".", "/etc"))
            elif shape == 8 and layer.files:
                layer.add(name, kind=tarfile.LNKTYPE, link=self.one(*layer.files))
            elif shape == 9:
                layer.add(name, kind=tarfile.FIFOTYPE)
            elif shape == 10:
                layer.add(name, kind=tarfile.CHRTYPE, mode=0o666)
            elif shape == 11 and directory not in layer.names:
                layer.directory(directory, mode=0o755)
            elif shape == 12 and below:
                target = self.one(*below)
                if self.safe(target) and not any(other == target or other.startswith(target + "/") for other in layer.names):
                    layer.add(os.path.join(os.path.dirname(target), ".wh." + os.path.basename(target)))
            elif shape == 13 and directory.count("/") and not any(other.startswith(directory + "/") for other in layer.names):
                layer.add(directory + "/.wh..wh..opq")

    def safe(self, name):
        """Not what the entrypoint consists of, and no whiteout."""
        return ".wh." not in name and name.split("/")[0] not in ("bin", "lib", "usr", "app", "home", "")

    # -- the entrypoint, right or wrong

    def entrypoint(self, layer):
        """Returns the command, in the image's configuration."""
        kind = self.one("static", "static", "script", "script", "dynamic", "chain", "broken", "broken", "broken")
        self.kind = kind
        path = self.one("/app/start", "/usr/bin/start")
        if kind == "static":
            layer.add(path[1:], elf(self.nonce), mode=0o755)
        elif kind == "dynamic":
            self.loader(layer, "/lib/ld-linux-aarch64.so.1")
            layer.add(path[1:], elf("wrong", interpreter="/lib/ld-linux-aarch64.so.1"), mode=0o755)
        elif kind == "script":
            layer.add("usr/bin/sh", elf(self.nonce), mode=0o755)
            layer.add(path[1:], self.one(b"#!/usr/bin/sh\n", b"#! /usr/bin/sh -e\n", b"#!/usr/bin/sh", b"#!/bin/sh\n" if self.merged else b"#!\t/usr/bin/sh \n"), mode=0o755)
        elif kind == "chain":
            length = self.random.randrange(1, 8)
            self.notes.append("%d scripts" % length)
            layer.add("usr/bin/last", elf(self.nonce), mode=0o755)
            for number in range(length):
                following = "/usr/bin/last" if number + 1 == length else "/usr/bin/s%d" % (number + 1)
                name = path[1:] if number == 0 else "usr/bin/s%d" % number
                layer.add(name, b"#!" + following.encode() + b"\n", mode=0o755)
        else:
            path = self.broken(layer, path)
        if path.startswith("/usr/bin/") and self.chance(0.4):
            return [os.path.basename(path)]
        return [path]

    def loader(self, layer, path, mode=0o755):
        name = path[1:].replace("lib/", "usr/lib/", 1) if self.merged else path[1:]
        layer.add(name, elf(self.nonce, kind="shared"), mode=mode)

    def broken(self, layer, path):
        name = path[1:]
        layer.add("usr/bin/sh", elf(self.nonce), mode=0o755)
        fault = self.one("crlf", "no-interpreter", "interpreter-mode", "interpreter-slash", "relative", "cut-line", "whole-line", "user", "user-directory", "group",
                         "nobody", "working-file", "working-relative", "working-dangling", "interpreter-text", "bom", "blank", "text", "empty", "mode", "absent", "slash",
                         "cut", "header", "entry", "no-loader", "loader-mode", "loader-text", "loop", "directory", "dangling", "object", "long", "hidden-loader")
        self.notes.append(fault)
        scripts = {"crlf": b"#!/usr/bin/sh\r\n", "no-interpreter": b"#!/usr/bin/none\n", "bom": b"\xef\xbb\xbf#!/usr/bin/sh\n", "blank": b" #!/usr/bin/sh\n",
                   "text": b"echo\n", "empty": b"", "loop": b"#!" + path.encode() + b"\n",
                   "long": b"#!/" + b"./" * 130 + b"usr/bin/sh\n", "interpreter-slash": b"#!/usr/bin/sh/\n",
                   "relative": b"#!usr/bin/sh\n", "cut-line": b"#!" + b"/" * 243 + b"/usr/bin/sh", "whole-line": b"#!" + b"/" * 242 + b"/usr/bin/sh"}
        if fault in scripts:
            layer.add(name, scripts[fault], mode=0o755)
            if fault == "relative":
                self.config["WorkingDir"] = self.one("/", "/usr", "/new/place")
        elif fault in ("interpreter-mode", "interpreter-text"):
            layer.add("usr/bin/other", elf(self.nonce) if fault == "interpreter-mode" else b"text\n", mode=0o644 if fault == "interpreter-mode" else 0o755)
            layer.add(name, b"#!/usr/bin/other\n", mode=0o755)
        elif fault == "mode":
            layer.add(name, elf(self.nonce), mode=0o644)
        elif fault in ("user", "group", "nobody"):
            self.config["User"] = {"user": "1000", "group": self.one("1000", "1000:1000"), "nobody": "nobody"}[fault]
            layer.add(name, elf(self.nonce), mode={"user": self.one(0o700, 0o701), "group": 0o750, "nobody": 0o755}[fault])
        elif fault == "user-directory":
            self.config["User"] = "1000:1000"
            layer.directory("home", mode=self.one(0o700, 0o711))
            layer.add("home/start", elf(self.nonce), mode=0o755)
            path = "/home/start"
        elif fault.startswith("working-"):
            layer.add(name, elf(self.nonce), mode=0o755)
            layer.link("dangling", "/nothing")
            self.config["WorkingDir"] = {"working-file": path + self.one("", "/below"), "working-relative": "usr",
                                         "working-dangling": "/dangling" + self.one("", "/below")}[fault]
        elif fault == "absent":
            pass
        elif fault == "slash":
            layer.add(name, elf(self.nonce), mode=0o755)
            path += "/"
        elif fault == "cut":
            layer.add(name, elf(self.nonce, size=0x30000), mode=0o755)
        elif fault == "header":
            layer.add(name, elf(self.nonce)[:64], mode=0o755)
        elif fault == "entry":
            layer.add(name, elf(self.nonce, entry=0x100000), mode=0o755)
        elif fault == "object":
            program = bytearray(elf(self.nonce))
            program[16] = 1
            layer.add(name, bytes(program), mode=0o755)
        elif fault == "directory":
            layer.directory(name)
        elif fault == "dangling":
            layer.link(name, "/usr/bin/nothing")
        else:
            program = elf("wrong", interpreter="/lib/ld-linux-aarch64.so.1")
            layer.add(name, program, mode=0o755)
            if fault == "loader-mode":
                self.loader(layer, "/lib/ld-linux-aarch64.so.1", mode=0o644)
            elif fault == "loader-text":
                layer.add("usr/lib/ld-linux-aarch64.so.1" if self.merged else "lib/ld-linux-aarch64.so.1", b"text " * 100, mode=0o755)
            elif fault == "hidden-loader":
                self.loader(layer, "/lib/ld-linux-aarch64.so.1")
                self.hides = True
        return path

    # -- all of it

    def make(self):
        self.below = []
        self.hides = False
        layers = [self.base()]
        command = self.entrypoint(layers[0] if self.chance(0.5) else self.next(layers))
        for _ in range(self.random.randrange(0, 3)):
            self.filling(self.next(layers))
        if self.hides:
            self.next(layers).add("lib/extra/note", b"x")
        self.config[self.one("Entrypoint", "Cmd")] = command
        if self.chance(0.2) and "WorkingDir" not in self.config:
            self.config["WorkingDir"] = self.one("/", "/usr", "/new/place")
        self.raw = [layer.finished() for layer in layers]
        self.refused(layers)

    def next(self, layers):
        self.below = list(layers)
        layers.append(Layer())
        return layers[-1]

    def refused(self, layers):
        """In some images a layer that engines take, or do not take, for what it is as an archive."""
        self.types = [self.one("+gzip", "+gzip", "+zstd", "") for _ in self.raw]
        self.packing = list(self.types)
        if not self.chance(0.35):
            return
        last = Layer()
        fault = self.one("absolute", "root", "dot", "twice", "directory-twice", "link-below", "link-nothing", "under-file", "own-whiteout", "zero-block",
                         "gzip-as-plain", "plain-as-gzip", "zstd-as-gzip", "empty", "parent", "dangling-directory",
                         "type", "long-name", "whiteout-nothing", "sparse", "behind-end", "members")
        self.notes.append(fault)
        packing = None
        if fault == "absolute":
            last.add("/srv/absolute", b"x")
            last.add("srv/hard", kind=tarfile.LNKTYPE, link="/srv/absolute")
        elif fault == "root":
            last.directory("./" if self.chance(0.5) else "/")
            last.add("./srv/file", b"x")
        elif fault == "dot":
            last.add("./srv/./file", b"x")
        elif fault == "twice":
            last.add("srv/file", b"one")
            last.add("srv/file", b"two")
        elif fault == "directory-twice":
            last.directory("srv/dir")
            last.directory("srv/dir", mode=0o700)
        elif fault == "link-below":
            layers[0].files.append("etc/low")
            self.raw[0] = self.extended(self.raw[0])
            last.add("srv/hard", kind=tarfile.LNKTYPE, link="etc/low")
        elif fault == "link-nothing":
            last.add("srv/hard", kind=tarfile.LNKTYPE, link="srv/none")
        elif fault == "under-file":
            last.add("srv/file", b"x")
            last.add("srv/file/below", b"x")
        elif fault == "own-whiteout":
            last.add("srv/file", b"x")
            last.add("srv/.wh.file")
        elif fault == "parent":
            last.add("srv/../etc/other", b"x")
        elif fault == "dangling-directory":
            last.link("srv", "/nowhere")
            last.add("srv/file", b"x")
        elif fault == "type":
            last.add("srv/file", kind=self.one(b"V", b"7", b"D", b"Z"))
            last.add("srv/other", b"x")
        elif fault == "long-name":
            last.add("srv/" + "n" * self.one(255, 256) + self.one("", "/below"), b"x")
        elif fault == "whiteout-nothing":
            last.add("srv/.wh." + self.one("", ".", ".."))
        else:
            last.add("srv/file", b"x" * 1000)
        raw = last.finished()
        if fault == "sparse":
            raw = sparse(self.one("gnu", "posix"))
        elif fault == "behind-end":
            raw += b"behind the end " * 40
        if fault == "zero-block":
            more = Layer()
            more.add("srv/behind", b"x")
            raw = raw[:512 * 3] + bytes(512) + more.finished()
        if fault == "empty":
            raw = b""
        declared = self.one("+gzip", "")
        if fault == "members":
            declared, packing = "+gzip", "members"
        if fault == "gzip-as-plain":
            declared, packing = "", "+gzip"
        elif fault == "plain-as-gzip":
            declared, packing = "+gzip", ""
        elif fault == "zstd-as-gzip":
            declared, packing = "+gzip", "+zstd"
        elif fault == "empty":
            declared, packing = "", ""
        self.raw.append(raw)
        self.types.append(declared)
        self.packing.append(declared if packing is None else packing)

    def extended(self, raw):
        out = io.BytesIO(raw)
        with tarfile.open(fileobj=out, mode="a", format=tarfile.PAX_FORMAT) as tar:
            info = tarfile.TarInfo("etc/low")
            info.size = 1
            tar.addfile(info, io.BytesIO(b"x"))
        return out.getvalue()

    # -- as an OCI layout

    def write(self, place):
        blob = blob_writer(place)
        layers = [blob(packed(raw, packing), LAYER + kind) for raw, packing, kind in zip(self.raw, self.packing, self.types)]
        diffs = ["sha256:" + hashlib.sha256(raw).hexdigest() for raw in self.raw]
        config = {"architecture": "arm64", "os": "linux", "config": self.config, "rootfs": {"type": "layers", "diff_ids": diffs}}
        if self.chance(0.3):
            config["variant"] = "v8"
        described = blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json")
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": described, "layers": layers}
        platform = {"os": "linux", "architecture": "arm64"}
        names = {"org.opencontainers.image.ref.name": "image", "io.containerd.image.name": "localhost/image:%d" % self.seed}
        entry = blob(json.dumps(manifest).encode(), manifest["mediaType"], platform={"os": "linux", "architecture": "arm64"})
        if self.chance(0.3):
            # As `docker save` of containerd's store writes it: all platforms are listed, and one is carried along.
            absent = [{"mediaType": manifest["mediaType"], "digest": "sha256:" + hashlib.sha256(other.encode()).hexdigest(), "size": 500,
                       "platform": dict(zip(("os", "architecture"), other.split("/")))} for other in self.random.sample(["linux/amd64", "linux/riscv64", "unknown/unknown"], 2)]
            entries = [entry, *absent]
            self.random.shuffle(entries)
            kind = "application/vnd.oci.image.index.v1+json"
            entry = blob(json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": entries}).encode(), kind)
        entry["annotations"] = names
        documents = {"oci-layout": {"imageLayoutVersion": "1.0.0"}, "index.json": {"schemaVersion": 2, "manifests": [entry]}}
        for name, document in documents.items():
            with open(os.path.join(place, name), "w") as file:
                json.dump(document, file)


def sparse(form):
    """A file with a hole, in GNU tar's older or newer form: Go's programs read the newer one alone."""
    with tempfile.TemporaryDirectory() as place:
        with open(place + "/sparse", "wb") as file:
            file.truncate(1 << 20)
        return subprocess.run(["tar", "-C", place, "--format=" + form, "-S", "--owner=0", "--group=0", "-cf", "-", "sparse"], stdout=subprocess.PIPE, check=True).stdout


def packed(data, kind):
    if kind == "members":
        return gzip.compress(data[:700], mtime=0) + gzip.compress(data[700:], mtime=0)
    if kind == "+gzip":
        return gzip.compress(data, mtime=0)
    if kind == "+zstd":
        return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data
