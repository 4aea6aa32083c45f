"""What a release is made of, from the linker's map: the components that the SBOM and the provenance name.

Each archive in the map belongs to a Debian package (asked of dpkg, in the sysroot that it lies in), to the Swift toolchain, or to a
package of Package.resolved. One that belongs to nothing, or whose licence nobody has looked up, is an error: somebody has to look.
"""
import functools
import json
import os
import re
import subprocess
import sys
import urllib.parse

import linked

HERE = os.path.dirname(os.path.abspath(__file__))


def unnumbered(package):
    """The name of a Debian package without its versions: that of libgcc-12-dev and of libgcc-15-dev."""
    return re.sub(r"\d+", "", package)


# The licences of what is linked in: by archive, and for start code (crt1.o) by package.
with open(os.path.join(HERE, "../../Licenses/components.json"), encoding="utf-8") as file:
    LISTED = json.load(file)
LICENCES = {library: entry.get("declared", entry["license"]) for entry in LISTED for library in entry["libraries"]}
LICENCES |= {unnumbered(entry["package"]): entry["license"] for entry in LISTED if "package" in entry}
SWIFT = "Apache-2.0 WITH Swift-exception"


def die(place, expected, found):
    sys.exit(f"{place}: expected {expected}; found {found}")


def said(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def sysroot(path):
    """The root whose dpkg knows the file: the nearest directory above it with a dpkg of its own."""
    place = os.path.dirname(path)
    while True:
        if os.path.isfile(os.path.join(place, "var/lib/dpkg/status")):
            return place
        if place == "/":
            return None
        place = os.path.dirname(place)


def debian(path):
    """The component of the Debian package that a file is from; None if it is of no package."""
    root = sysroot(path)
    if root is None:
        return None
    admin = f"--admindir={os.path.join(root, 'var/lib/dpkg')}"
    inner = "/" + os.path.relpath(path, root)
    names = {inner, os.path.realpath(inner) if root == "/" else inner}
    # Before the merge of /usr the same file is listed as /lib/….
    names |= {name.removeprefix("/usr") for name in names}
    for name in sorted(names):
        owner = said("dpkg-query", admin, "-S", name).partition(": ")[0]
        if owner:
            break
    else:
        return None
    form = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}"
    package, version, architecture, source, source_version = said("dpkg-query", admin, "-W", f"-f={form}", owner).split("\t")
    licence = LICENCES.get(linked.plain(path)) or LICENCES.get(unnumbered(package))
    if licence is None:
        die("Licenses/components.json", f"the licence of Debian's source package {source}, which {path} is from", "none")
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)', open(os.path.join(root, "etc/os-release"), encoding="utf-8").read(), re.M))
    distribution = f"debian-{release.get('VERSION_ID', 'sid')}"
    return part(package, version, architecture, distribution, licence, source, source_version)


# Where a cross-build has Debian sid's tree of the other architecture (ci/lib/sid.bash). dpkg knows nothing of it: it was unpacked.
SYSROOT = "/arm64/"
CACHE = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
PACKAGES = os.path.join(os.environ.get("ASSAY_SID") or os.path.join(CACHE, "assay-sid"), "packages")


@functools.cache
def unpacked():
    """The packages of that tree, as (name, version, file), and the package of each of its files."""
    packages, owners = [], {}
    with open(os.path.join(HERE, "../lib/sid.inputs"), encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("arm64 "):
                continue
            _, name, version, digest, _ = line.split()
            package = (name, version, os.path.join(PACKAGES, f"{name}_{digest[:16]}.deb"))
            packages.append(package)
            # What is of Swift's is known by its place.
            if name == "swiftlang":
                continue
            for entry in said("dpkg-deb", "--contents", package[2]).splitlines():
                owners[entry.split(None, 5)[5].split(" -> ")[0].removeprefix("./")] = package
    return packages, owners


def sid(path):
    """The component of the package of Debian sid that a file of the sysroot is from; None for other files."""
    if not path.startswith(SYSROOT):
        return None
    _, owners = unpacked()
    if path.removeprefix(SYSROOT) not in owners:
        return None
    name, version, file = owners[path.removeprefix(SYSROOT)]
    source = re.match(r"(\S+)(?: \((.*)\))?$", said("dpkg-deb", "--field", file, "Source") or name)
    licence = LICENCES.get(linked.plain(path)) or LICENCES.get(unnumbered(name))
    if licence is None:
        die("Licenses/components.json", f"the licence of Debian's source package {source[1]}, which {path} is from", "none")
    return part(name, version, "arm64", "debian-sid", licence, source[1], source[2] or version)


def part(name, version, architecture, distribution, licence, source, source_version):
    """The component of a Debian package."""
    query = urllib.parse.urlencode({"arch": architecture, "distro": distribution})
    return {
        "name": name, "version": version, "licence": licence, "supplier": "Organization: Debian",
        "purl": f"pkg:deb/debian/{name}@{urllib.parse.quote(version, safe='')}?{query}",
        "note": f"Debian source package {source} {source_version}", "files": [],
    }


def swift(path, compiler):
    """The component of the Swift toolchain that an archive or object is from; None for others."""
    if "/lib/swift_static/" not in path and "/lib/swift/" not in path and "/lib/clang/" not in path:
        return None
    version = re.search(r"Swift version (\S+)", compiler)
    if not version:
        die("the compiler", '"Swift version X"', repr(compiler))
    version = version[1]
    name, repository = "swift-runtime", "swift"
    file = os.path.basename(path)
    if "FoundationCollections" in file or "SwiftCollections" in file:
        name, repository = "swift-collections", "swift-collections"
    elif "Foundation" in file:
        name, repository = "swift-foundation", "swift-foundation"
    elif "StringProcessing" in file or "RegexParser" in file or "RegexBuilder" in file:
        name, repository = "swift-experimental-string-processing", "swift-experimental-string-processing"
    elif "dispatch" in file.lower():
        name, repository = "swift-corelibs-libdispatch", "swift-corelibs-libdispatch"
    note = "As the Swift toolchain of that version has it"
    if path.startswith(SYSROOT):
        note = next(f"As Debian's package {name} {of} has it" for name, of, _ in unpacked()[0] if name == "swiftlang")
    owner = "apple" if repository == "swift-collections" else "swiftlang"
    return {
        "name": name, "version": version, "licence": SWIFT, "supplier": "Organization: Swift.org",
        "purl": f"pkg:swift/github.com/{owner}/{repository}@{version}",
        "note": note, "files": [],
    }


def resolved(path):
    """The components of Package.resolved, by identity."""
    pins = json.load(open(path, encoding="utf-8"))["pins"]
    found = {}
    for pin in pins:
        place = re.sub(r"^https://|\.git$", "", pin["location"])
        state = pin["state"]
        found[pin["identity"]] = {
            "name": pin["identity"], "version": state["version"], "licence": SWIFT,
            "supplier": "Organization: Swift.org", "purl": f"pkg:swift/{place}@{state['version']}",
            "note": f"revision {state['revision']}", "revision": state["revision"], "location": pin["location"], "files": [],
        }
    return found


def of(map_path, packages, compiler):
    """All components that are linked in, sorted by name."""
    pinned = resolved(packages)
    found, seen = {}, set()
    for name in linked.inputs(map_path):
        path = linked.archive(name)
        if path in seen or path.startswith("<"):
            continue
        seen.add(path)
        if re.search(r"/[^/]*\.build(-[^/]*)?/", path):
            identity = linked.library(path)
            if identity in pinned:
                found.setdefault(identity, pinned[identity])
            elif identity not in ("own code", "images of guests (CImages)"):
                die(map_path, "objects of the project or of Package.resolved", path)
            continue
        real = os.path.realpath(path)
        component = swift(real, compiler) or sid(real) or debian(real)
        if component is None:
            die(map_path, "files of Debian packages, of the Swift toolchain or of this build", path)
        component = found.setdefault(component["purl"], component)
        component["files"].append(os.path.basename(path))
    return sorted(found.values(), key=lambda component: component["name"])
