"""Archives, ELF files and image layouts, written as a hostile hand would."""
import gzip, hashlib, json, struct


def header(name, size=0, kind=b"0", link=b"", mode=0o644):
    block = bytearray(512)
    block[0:len(name)] = name
    for at, text in ((100, b"%07o\0" % mode), (108, b"0000000\0"), (116, b"0000000\0"), (124, b"%011o\0" % size),
                     (136, b"14524770400\0"), (148, b" " * 8)):
        block[at:at + len(text)] = text
    block[156:157] = kind
    block[157:157 + len(link)] = link
    block[257:265] = b"ustar\x0000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def padded(data):
    return data + b"\0" * (-len(data) % 512)


def record(key, value):
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest) + 1
    while len(b"%d" % length) + len(rest) != length:
        length = len(b"%d" % length) + len(rest)
    return b"%d" % length + rest


def pax(records):
    body = b"".join(records)
    return header(b"pax", len(body), b"x") + padded(body)


def entry(name, data=b"", kind=b"0", link=b"", mode=0o644):
    extended = [record(k, v) for k, v in ((b"path", name), (b"linkpath", link)) if len(v) > 100]
    start = pax(extended) if extended else b""
    return start + header(name[:100], len(data), kind, link[:100], mode) + padded(data)


END = b"\0" * 1024


def elf(needed=(), rpath=b"", soname=b"", machine=183):
    strings, entries = bytearray(b"\0"), []
    for tag, text in [(1, n) for n in needed] + ([(15, rpath)] if rpath else []) + ([(14, soname)] if soname else []):
        entries.append((tag, len(strings)))
        strings += text + b"\0"
    name = b"/lib/ld.so\0"
    at = 64 + 56 * 3
    dynamic_at = at + len(name) + len(strings)
    entries += [(5, at + len(name)), (10, len(strings)), (0, 0)]
    dynamic = b"".join(struct.pack("<QQ", *e) for e in entries)
    size = dynamic_at + len(dynamic)

    def segment(kind, offset, count):
        return struct.pack("<IIQQQQQQ", kind, 4, offset, offset, offset, count, count, 0x10000)
    head = b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 3, 0, 0, 0)
    return (head + segment(1, 0, size) + segment(3, at, len(name)) + segment(2, dynamic_at, len(dynamic)) + name
            + bytes(strings) + dynamic)


LINKER = entry(b"lib/ld.so", elf())


def member(name, data):
    return b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name, 0, 0, 0, b"100644", len(data)) + data + b"\n" * (len(data) % 2)


def object_file(machine):
    return b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack("<HH", 1, machine & 0xffff) + struct.pack("<I", 1) + b"\0" * 40


class Layout:
    """An OCI image layout in a tar, written as it grows: as many files would take far longer to make than to read."""

    def __init__(self, path):
        self.path = path + ".tar"
        self.file = open(self.path, "wb")
        self.file.write(entry(b"oci-layout", b'{"imageLayoutVersion":"1.0.0"}'))

    def blob(self, kind, data, **more):
        digest = hashlib.sha256(data).hexdigest()
        self.file.write(entry(b"blobs/sha256/" + digest.encode(), data))
        return dict(mediaType="application/vnd.oci.image." + kind, digest="sha256:" + digest, size=len(data), **more)

    def image(self, layers, diffs, number=0):
        config = json.dumps(dict(architecture="arm64", os="linux", config={"Env": [f"N={number}"]},
                                 rootfs=dict(type="layers", diff_ids=["sha256:" + d for d in diffs]))).encode()
        manifest = dict(schemaVersion=2, mediaType="application/vnd.oci.image.manifest.v1+json",
                        config=self.blob("config.v1+json", config), layers=layers)
        return self.blob("manifest.v1+json", json.dumps(manifest).encode(),
                         platform=dict(os="linux", architecture="arm64"))

    def layer(self, tar, compress):
        return self.blob("layer.v1.tar", compress(tar)), hashlib.sha256(tar).hexdigest()

    def finish(self, manifests):
        self.file.write(entry(b"index.json", json.dumps(dict(schemaVersion=2, manifests=manifests)).encode()) + END)
        self.file.close()
        return self.path


def tar(path, parts, compress=None):
    with (gzip.open(path, "wb", 1) if compress == "gzip" else open(path, "wb")) as file:
        for part in parts:
            file.write(part)
        file.write(END)
    return path


def spread(number):
    """A path as real trees have them: at most some hundred files in a directory."""
    return b"usr/share/%d/%d/file-%d" % (number // 10000, number // 100, number)
