"""Writes an OCI image archive of one file, for each platform that is given. The bytes depend on nothing but the arguments.

    oci.py OUT VERSION EPOCH ARCHITECTURE=PROGRAM...     ARCHITECTURE in Go's words: amd64, arm64

The image is `FROM scratch`: /assay, its entry point, and nothing else. Follows image-spec 1.1 (image-layout.md, config.md).
"""
import datetime
import hashlib
import io
import json
import struct
import sys
import tarfile
import zlib


def member(archive, name, data, mode, epoch):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(data), mode, epoch
    archive.addfile(entry, io.BytesIO(data))


def folder(archive, name, epoch):
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, epoch
    archive.addfile(entry)


def gzipped(data):
    """RFC 1952, without name, time and system: Python's own module writes other headers in other versions."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def document(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def main():
    out, version, epoch, programs = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
    created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    labels = {
        "org.opencontainers.image.title": "assay",
        "org.opencontainers.image.description": "Tells whether a Linux host can really run and build arm64, and if not, why and what to type",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "Apache-2.0",
        "org.opencontainers.image.created": created,
    }
    blobs = {}

    def blob(data, kind):
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{digest}", "size": len(data)}

    manifests = []
    for word in sorted(programs):
        architecture, _, path = word.partition("=")
        with open(path, "rb") as file:
            program = file.read()
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            member(archive, "assay", program, 0o755, epoch)
        packed = gzipped(layer.getvalue())
        config = document({
            "architecture": architecture,
            "os": "linux",
            "created": created,
            "config": {"Entrypoint": ["/assay"], "Labels": labels},
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer.getvalue()).hexdigest()]},
            "history": [{"created": created, "created_by": "ci/release", "comment": "assay " + version}],
        })
        manifest = blob(document({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": blob(config, "config.v1+json"),
            "layers": [blob(packed, "layer.v1.tar+gzip")],
            "annotations": labels,
        }), "manifest.v1+json")
        manifests.append(manifest | {"platform": {"architecture": architecture, "os": "linux"}})

    # One index for all platforms, and index.json with it alone: docker load, podman and skopeo then take the host's own platform.
    index = blob(document({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": manifests,
        "annotations": labels,
    }), "index.v1+json")
    names = {"org.opencontainers.image.ref.name": version, "io.containerd.image.name": f"localhost/assay:{version}"}
    top = document({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [index | {"annotations": names}],
    })
    with tarfile.open(out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        folder(archive, "blobs", epoch)
        folder(archive, "blobs/sha256", epoch)
        for digest, data in sorted(blobs.items()):
            member(archive, f"blobs/sha256/{digest}", data, 0o644, epoch)
        member(archive, "index.json", top, 0o644, epoch)
        member(archive, "oci-layout", document({"imageLayoutVersion": "1.0.0"}), 0o644, epoch)


if __name__ == "__main__":
    main()
