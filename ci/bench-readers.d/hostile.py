"""Inputs that once took minutes, or hundreds of megabytes."""
import hashlib, random, subprocess
from documents import STEP, check, finding, report, saved, scenario
from formats import END, LINKER, Layout, elf, entry, header, member, object_file, pax, record, tar


def hostile_acl(d):
    acl = b",".join(b"user:u%d:r-x:%d" % (k, k) for k in range(44000))
    parts = [LINKER]
    for i in range(8):
        parts += [pax([record(b"SCHILY.acl.access", acl)]), header(b"f%d" % i)]
    return ["artifact", tar(d + "/a.tar.gz", parts, "gzip")]


def hostile_rpath(d):
    program = elf([b"l%d.so" % k for k in range(5000)], b":".join(b"/r%d" % k for k in range(20000)))
    return ["artifact", tar(d + "/a.tar", [LINKER, entry(b"bin/p", program, mode=0o755)] + [entry(b"r%d" % k, kind=b"5") for k in range(20000)])]


def hostile_links(d):
    deep = b"/".join([b"a"] * 2000)
    return ["artifact", tar(d + "/a.tar.gz", [LINKER, entry(deep + b"/f", b"x")]
                            + [entry(b"l%d" % i, kind=b"1", link=deep + b"/f") for i in range(100000)], "gzip")]


def hostile_targets(d):
    objects = []
    for i in range(131072):
        data = bytearray(object_file(i))
        data[5] = 1 + (i >> 16)
        if data[5] == 2:
            data[18:20] = data[18:20][::-1]
        objects.append(member(b"o%d/" % i, bytes(data)))
    return ["artifact", tar(d + "/a.tar", [LINKER, entry(b"lib/a.a", b"!<arch>\n" + b"".join(objects))])]


def hostile_keys(d):
    return ["run", "--dry-run", scenario(d + "/a.yaml", [STEP], "".join(f"k{i}: 1\n" for i in range(20000)))]


def hostile_values(d):
    """A saved report with five million numbers under a key that nobody knows."""
    return ["report", "render", saved(d + "/a.json", dict(report([check(0)]), unknown=[1] * 5_000_000))]


def hostile_findings(d):
    """A finding with a thousand lines of evidence, at each of 20,000 checks: JUnit's form would have 20,000,000 lines."""
    told = finding("emulation-crashes", [f"exec.c{i}@chroot" for i in range(20000)], ["e%d" % i for i in range(1000)])
    return ["report", "render", saved(d + "/a.json", report([check(i, "fail") for i in range(20000)], [told])), "--format", "junit"]


def dictionary(size, layers):
    """Few compressed bytes that fill a dictionary: a megabyte that comes again, with some bytes of each block changed."""
    def make(d):
        layout, made = Layout(d + "/l"), []
        rng = random.Random(1)
        block = rng.randbytes(1 << 20)
        for i in range(layers):
            data = bytearray()
            for _ in range(300):
                part = bytearray(block)
                for _ in range(800):
                    part[rng.randrange(1 << 20)] = rng.randrange(256)
                data += part
            plain = LINKER + entry(b"big%d" % i, bytes(data)) + END
            packed = subprocess.run(["xz", "-0", f"--lzma2=preset=0,dict={size}MiB", "-T1", "-c"], input=plain, check=True, capture_output=True).stdout
            made.append((layout.blob("layer.v1.tar", packed), hashlib.sha256(plain).hexdigest()))
        return ["artifact", layout.finish([layout.image([l for l, _ in made], [s for _, s in made])])]
    return make


# Not every engine takes xz: layers of a small dictionary are read, and refused. One above the limit of windows is not read.
HOSTILE = {
    "pax SCHILY.acl": (hostile_acl, ("fit", "unfit")), "5,000 needed x 20,000 rpath": (hostile_rpath, ("unfit",)),
    "100,000 hard links 2,000 deep": (hostile_links, ("fit", "undetermined")), "131,072 targets in a library": (hostile_targets, ("unfit",)),
    "20,000 unknown YAML keys": (hostile_keys, ("",)), "5,000,000 numbers in a report": (hostile_values, ("assay: reading a saved report",)),
    "20,000 checks of a long finding": (hostile_findings, ("</testsuites>",)), "xz dictionaries of 64 MiB, two layers": (dictionary(64, 2), ("unfit",)),
    "xz dictionaries of 256 MiB, two layers": (dictionary(256, 2), ("undetermined",)),
}
