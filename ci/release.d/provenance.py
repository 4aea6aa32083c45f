"""Prints a release's provenance: an in-toto Statement v1 with a predicate of SLSA provenance v1, unsigned.

    provenance.py VERSION ARCHITECTURE EPOCH COMMIT COMPILER MAP PACKAGES IMAGES FILE...

FILE: what was made. IMAGES: the directory of the images that were packed, or empty. Nothing in it depends on when or where it is written.
"""
import datetime
import hashlib
import json
import os
import sys

import components

KIND = "https://slsa.dev/provenance/v1"


def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


def main():
    version, architecture, epoch, commit, compiler, path, packages, images, *files = sys.argv[1:]
    moment = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    materials = [{"uri": "git+assay", "digest": {"gitCommit": commit}, "annotations": {"committed": moment}}]
    for part in components.of(path, packages, compiler):
        material = {"uri": part["purl"], "name": part["name"], "annotations": {"version": part["version"]}}
        if "revision" in part:
            material = {"uri": f"git+{part['location']}", "name": part["name"], "digest": {"gitCommit": part["revision"]}}
        materials.append(material)
    if images:
        for name in sorted(os.listdir(images)):
            if name.endswith(".tar.zst") and not name.startswith("debian-"):
                materials.append({"name": f"out/images/{name}", "digest": {"sha256": digest(os.path.join(images, name))}})
    print(json.dumps({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": os.path.basename(file), "digest": {"sha256": digest(file)}} for file in sorted(files)],
        "predicateType": KIND,
        "predicate": {
            "buildDefinition": {
                "buildType": "tag:assay,2026:ci/release/v1",
                "externalParameters": {"version": version, "architecture": architecture, "command": f"ci/release --arch {architecture}"},
                "internalParameters": {"SOURCE_DATE_EPOCH": epoch, "compiler": compiler},
                "resolvedDependencies": materials,
            },
            # Who signs says by the key who built it.
            "runDetails": {"builder": {"id": os.environ.get("ASSAY_BUILDER_ID", "tag:assay,2026:builder/unsigned")}},
        },
    }, indent=2, sort_keys=True))


if __name__ == "__main__":
    main()
