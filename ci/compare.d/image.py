"""Writes an image of a tree for `docker load`, labelled linux/arm64.

    image.py TREE NAME FILE
"""
import hashlib
import io
import json
import subprocess
import sys
import tarfile

tree, name, file = sys.argv[1:]
words = ["tar", "-C", tree, "--owner=0", "--group=0", "--numeric-owner", "--sort=name", "-c", "."]
layer = subprocess.run(words, check=True, capture_output=True).stdout
digest = hashlib.sha256(layer).hexdigest()
config = json.dumps({
    "architecture": "arm64", "os": "linux", "config": {"Env": ["PATH=/bin"]},
    "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
}).encode()
manifest = [{"Config": "config.json", "RepoTags": [f"{name}:latest"], "Layers": ["layer.tar"]}]
with tarfile.open(file, "w") as archive:
    for path, content in (("config.json", config), ("layer.tar", layer), ("manifest.json", json.dumps(manifest).encode())):
        entry = tarfile.TarInfo(path)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
