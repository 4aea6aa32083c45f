"""Readers of archives, image layouts and ELF files. Each makes an input of size n in the directory d, and says what reads it."""
import gzip, hashlib, json, os, random, struct, subprocess
from formats import END, LINKER, Layout, elf, entry, header, member, object_file, padded, pax, record, spread, tar


def tar_entries(n, d):
    return ["artifact", tar(d + "/a.tar", (part for parts in ([LINKER], (entry(spread(i)) for i in range(n))) for part in parts))]


def pax_records(n, d):
    def parts():
        yield LINKER
        for i in range(max(1, n // 1000)):
            yield pax([record(b"SCHILY.xattr.user.n%d" % k, b"v") for k in range(min(n, 1000))])
            yield header(b"f%d" % i)
    return ["artifact", tar(d + "/a.tar.gz", parts(), "gzip")]


def pax_acl(n, d):
    def parts():
        yield LINKER
        left = n
        i = 0
        while left > 0:
            count = min(left, 40000)
            acl = b",".join(b"user:u%d:r-x:%d" % (k, k) for k in range(count))
            yield pax([record(b"SCHILY.acl.access", acl)])
            yield header(b"f%d" % i)
            left -= count
            i += 1
    return ["artifact", tar(d + "/a.tar.gz", parts(), "gzip")]


def sparse_map(n, d):
    """A sparse file of n pieces (GNU's form 1.0): its map stands before its contents."""
    numbers = b"%d\n" % n + b"".join(b"%d\n1\n" % (i * 3) for i in range(n))
    body = padded(numbers) + b"x" * n
    name = [record(b"GNU.sparse.major", b"1"), record(b"GNU.sparse.minor", b"0"), record(b"GNU.sparse.name", b"holes"),
            record(b"GNU.sparse.realsize", b"%d" % (n * 3))]
    return ["artifact", tar(d + "/a.tar", [LINKER, pax(name), header(b"GNUSparseFile.0/holes", len(body)), padded(body)])]


def hard_links(n, d):
    deep = b"/".join([b"a"] * 200)

    def parts():
        yield LINKER + entry(deep + b"/f", b"x")
        for i in range(n):
            yield entry(b"l/%d/%d" % (i // 100, i), kind=b"1", link=deep + b"/f")
    return ["artifact", tar(d + "/a.tar.gz", parts(), "gzip")]


def path_depth(n, d):
    def parts():
        yield LINKER
        for i in range(max(1, n // 1000)):
            yield entry(b"%d/" % i + b"/".join([b"a"] * min(n, 1000)) + b"/f")
    return ["artifact", tar(d + "/a.tar.gz", parts(), "gzip")]


def symbolic_links(n, d):
    def parts():
        yield LINKER + entry(b"d/x/f")
        for i in range(n):
            yield entry(b"s%d" % i, kind=b"2", link=b"s%d" % (i - 1) if i % 30 else b"d/x")
        for i in range(0, n, 30):
            yield entry(b"s%d/g" % i)
    return ["artifact", tar(d + "/a.tar.gz", parts(), "gzip")]


def compressed(kind):
    def make(n, d):
        rng = random.Random(n)
        words = [rng.randbytes(40) for _ in range(256)]
        data = b"".join(rng.choices(words, k=n * 2))
        plain = tar(d + "/a.tar", [LINKER, entry(b"usr/share/data", data)])
        command = {"gzip": ["gzip", "-1"], "xz": ["xz", "-1"], "zstd": ["zstd", "-q", "--rm"]}[kind]
        subprocess.run(command + [plain], check=True)
        return ["artifact", plain + {"gzip": ".gz", "xz": ".xz", "zstd": ".zst"}[kind]]
    return make


def oci_layers(n, d):
    layout = Layout(d + "/l")
    count = min(512, max(1, n // 100))
    each = max(1, n // count)
    layers = [layout.layer(LINKER + b"".join(entry(spread(i * each + k)) for k in range(each)) + END, lambda t: gzip.compress(t, 1))
              for i in range(count)]
    return ["artifact", layout.finish([layout.image([l for l, _ in layers], [s for _, s in layers])])]


def listed_layers(n, d):
    """One layer that an image lists n times."""
    layout = Layout(d + "/l")
    layer, diff = layout.layer(LINKER + END, lambda t: t)
    return ["artifact", layout.finish([layout.image([layer] * n, [diff] * n)])]


def whiteouts(n, d):
    layout = Layout(d + "/l")
    lower = layout.layer(LINKER + b"".join(entry(spread(i)) for i in range(n)) + END, lambda t: gzip.compress(t, 1))

    def gone(i):
        head, _, name = spread(i).rpartition(b"/")
        return entry(head + b"/.wh." + name)
    upper = layout.layer(b"".join(gone(i) for i in range(n)) + END, lambda t: gzip.compress(t, 1))
    return ["artifact", layout.finish([layout.image([lower[0], upper[0]], [lower[1], upper[1]])])]


def manifests(n, d):
    """n images. Beyond 100,000 some are listed again: as many documents are beyond the limit by then."""
    layout = Layout(d + "/l")
    layer, diff = layout.layer(LINKER + END, lambda t: t)
    images = [layout.image([layer], [diff], i) for i in range(min(n, 100000))]
    return ["artifact", layout.finish([images[i % len(images)] for i in range(n)])]


def nested_indexes(n, d):
    """n images in indexes of a thousand."""
    layout = Layout(d + "/l")
    layer, diff = layout.layer(LINKER + END, lambda t: t)
    images = [layout.image([layer], [diff], i) for i in range(min(n, 1000))]
    indexes = []
    for i in range(0, n, 1000):
        listed = [dict(image, annotations={"n": str(i)}) for image in images[:n - i]]
        indexes.append(layout.blob("index.v1+json", json.dumps(dict(schemaVersion=2, manifests=listed)).encode()))
    return ["artifact", layout.finish(indexes)]


def configuration(field, value):
    """An image whose configuration has a list of n values."""
    def make(n, d):
        layout = Layout(d + "/l")
        layer, diff = layout.layer(LINKER + END, lambda t: t)
        config = dict(architecture="arm64", os="linux", config={}, rootfs=dict(type="layers", diff_ids=["sha256:" + diff]))
        (config["config"] if field == "Env" else config)[field] = [value(i) for i in range(n)]
        manifest = dict(schemaVersion=2, mediaType="application/vnd.oci.image.manifest.v1+json", layers=[layer],
                        config=layout.blob("config.v1+json", json.dumps(config).encode()))
        return ["artifact", layout.finish([layout.blob("manifest.v1+json", json.dumps(manifest).encode(),
                                                       platform=dict(os="linux", architecture="arm64"))])]
    return make


def docker_archive(n, d):
    layer = LINKER + END
    config = json.dumps(dict(architecture="arm64", os="linux", config={},
                             rootfs=dict(type="layers", diff_ids=["sha256:" + hashlib.sha256(layer).hexdigest()]))).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    images = [dict(Config=name, RepoTags=["a:%d" % i], Layers=["l/layer.tar"]) for i in range(n)]
    return ["artifact", tar(d + "/a.tar", [entry(b"l/layer.tar", layer), entry(name.encode(), config),
                                           entry(b"manifest.json", json.dumps(images).encode())])]


def scripts(n, d):
    def parts():
        yield LINKER
        yield entry(b"bin/sh", elf(), mode=0o755)
        for i in range(n):
            yield entry(spread(i), b"#!/bin/sh -e%d\n" % i, mode=0o755)
    return ["artifact", tar(d + "/a.tar", parts())]


def modules(n, d):
    """Compressed kernel modules."""
    packed = gzip.compress(object_file(183), 1)
    return ["artifact", tar(d + "/a.tar", (part for parts in ([LINKER], (entry(spread(i) + b".ko.gz", packed) for i in range(n))) for part in parts))]


def linker_configuration(n, d):
    """n directories in /etc/ld.so.conf.d, a thousand a file, and a program that looks for libraries there."""
    def parts():
        yield LINKER
        yield entry(b"bin/p", elf([b"l%d.so" % i for i in range(100)]), mode=0o755)
        yield entry(b"etc/ld.so.conf", b"include /etc/ld.so.conf.d/*.conf\n")
        for i in range(0, n, 1000):
            yield entry(b"etc/ld.so.conf.d/%d.conf" % i, b"".join(b"/r%d\n" % k for k in range(i, min(n, i + 1000))))
        for i in range(100):
            yield entry(b"r%d/l%d.so" % (n - 1, i), elf())
    return ["artifact", tar(d + "/a.tar", parts())]


def elf_needed(n, d):
    per = min(n, 5000)

    def parts():
        yield LINKER
        for i in range(max(1, n // per)):
            yield entry(b"bin/p%d" % i, elf([b"l%d.so" % k for k in range(per)], b":".join(b"/r%d" % k for k in range(per))), mode=0o755)
        for k in range(0, per, 10):
            yield entry(b"r%d/l%d.so" % (k, k), elf())
    return ["artifact", tar(d + "/a.tar", parts())]


def dynamic_entries(n, d):
    return ["artifact", tar(d + "/a.tar", [LINKER, entry(b"bin/p", elf([b"l%d.so" % k for k in range(n)]), mode=0o755)])]


def libraries(n, d):
    def parts():
        yield LINKER
        for i in range(n):
            yield entry(b"lib/l%d.so" % i, elf([b"l%d.so" % (i + 1)] if i + 1 < n else [], soname=b"l%d.so" % i))
        yield entry(b"bin/p", elf([b"l0.so"]), mode=0o755)
    return ["artifact", tar(d + "/a.tar", parts())]


def ar_members(n, d):
    library = b"!<arch>\n" + b"".join(member(b"o%d/" % i, object_file(i)) for i in range(n))
    return ["artifact", tar(d + "/a.tar", [LINKER, entry(b"lib/a.a", library)])]


def linked_file(symbols, name):
    """An object file with that many symbols, and sections of the usual kinds."""
    text, names = b"\xd5" * 64, b"\0" + name + b"\0"
    table = b"".join(struct.pack("<IBBHQQ", 1, 0x12, 0, 1, i % 64, 1) for i in range(symbols))
    labels = b"\0.text\0.symtab\0.strtab\0.shstrtab\0"
    places = [64, 64 + len(text), 64 + len(text) + len(table)]
    places.append(places[2] + len(names))
    end = places[3] + len(labels)

    def section(label, kind, at, size, link=0, each=0):
        return struct.pack("<IIQQQQIIQQ", label, kind, 0, 0, at, size, link, 0, 1, each)
    head = b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack("<HHIQQQIHHHHHH", 1, 183, 1, 0, 0, end, 0, 64, 0, 0, 64, 5, 4)
    sections = (section(0, 0, 0, 0) + section(1, 1, places[0], 64) + section(7, 2, places[1], len(table), 3, 24)
                + section(15, 3, places[2], len(names)) + section(23, 3, places[3], len(labels)))
    return head + text + table + names + labels + sections


def symbols(n, d):
    whole = linked_file(n, b"f")
    for name, data in ("a.o", whole), ("b.o", whole[:127] + b"\0" + whole[128:]):
        with open(f"{d}/{name}", "wb") as file:
            file.write(data)
    return ["artifact", d + "/a.o", "--same-as", d + "/b.o"]


def compared_files(n, d):
    for side in "ab":
        os.makedirs(f"{d}/{side}")
    for i in range(n):
        place = f"{d}/a/{i // 1000}"
        if i % 1000 == 0:
            os.mkdir(place)
        os.symlink("x", f"{place}/{i}")
    return ["artifact", d + "/a", "--same-as", d + "/b", "--format", "junit"]


def policy_rules(n, d):
    """n rules, of which the last allows the only fault."""
    with open(d + "/p", "w") as file:
        file.writelines(f"allow /o{i}/*\n" for i in range(n))
    return ["artifact", tar(d + "/a.tar", [LINKER, entry(b"o%d/f" % (n - 1), elf(machine=62))]), "--policy", d + "/p"]


def policy_faults(n, d):
    """n faults, held against a thousand rules."""
    with open(d + "/p", "w") as file:
        file.writelines(f"allow /usr/share/{i}/**/?*x*y*z\n" for i in range(1000))

    def parts():
        yield LINKER
        foreign = elf(machine=62)
        for i in range(n):
            yield entry(spread(i), foreign)
    return ["artifact", tar(d + "/a.tar", parts()), "--policy", d + "/p"]


READERS = {
    "tar entries": tar_entries, "pax records": pax_records, "pax access lists": pax_acl, "sparse map": sparse_map,
    "hard links, 200 deep": hard_links, "path depth": path_depth, "symbolic links": symbolic_links,
    "gzip": compressed("gzip"), "xz": compressed("xz"), "zstd": compressed("zstd"),
    "OCI layers' entries": oci_layers, "layers listed": listed_layers, "whiteouts": whiteouts, "manifests": manifests,
    "manifests in indexes": nested_indexes, "image variables": configuration("Env", lambda i: f"N{i}={i}"),
    "unknown JSON values": configuration("unknown", lambda i: 1), "docker images": docker_archive,
    "scripts": scripts, "kernel modules": modules, "linker's directories": linker_configuration,
    "ELF needed x rpath": elf_needed, "ELF dynamic entries": dynamic_entries, "libraries in a chain": libraries,
    "ar members": ar_members, "ELF symbols": symbols, "files compared": compared_files,
    "policy rules": policy_rules, "policy rules x faults": policy_faults,
}
