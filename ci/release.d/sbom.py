"""Writes a release's bills of materials: SPDX 2.3 and CycloneDX 1.5.

    sbom.py MAP PROGRAM VERSION ARCHITECTURE EPOCH COMMIT PACKAGES COMPILER LINKER OUT

PACKAGES: Package.resolved; COMPILER, LINKER: what they say of their version; OUT: the files are OUT.spdx.json and OUT.cdx.json.
Nothing in them depends on when or where they are written.
"""
import datetime
import hashlib
import json
import re
import sys
import uuid

import components

PUBLIC_DOMAIN = "LicenseRef-public-domain"


def spdx(program, digest, version, architecture, created, commit, parts, tools):
    def package(name, identity, of, licence, purl, supplier, note, purpose=None):
        entry = {
            "name": name, "SPDXID": identity, "versionInfo": of, "supplier": supplier, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": "NOASSERTION", "licenseDeclared": licence, "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}],
            "comment": note,
        }
        return entry | ({"primaryPackagePurpose": purpose} if purpose else {})

    own = package("assay", "SPDXRef-assay", version, "Apache-2.0", f"pkg:generic/assay@{version}?arch={architecture}",
                  "NOASSERTION", f"One static file, from commit {commit}", "APPLICATION")
    own["checksums"] = [{"algorithm": "SHA256", "checksumValue": digest}]
    packages = [own]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-assay")]
    for part in parts:
        identity = "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", part["name"])
        packages.append(package(part["name"], identity, part["version"], part["licence"], part["purl"], part["supplier"], part["note"], "LIBRARY"))
        relations.append(("SPDXRef-assay", "STATIC_LINK", identity))
    for tool in tools:
        identity = "SPDXRef-tool-" + tool["name"]
        packages.append(package(tool["name"], identity, tool["version"], tool["licence"], tool["purl"], "Organization: Swift.org", tool["note"], "APPLICATION"))
        relations.append((identity, "BUILD_TOOL_OF", "SPDXRef-assay"))
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"assay-{version}-linux-{architecture}",
        "documentNamespace": f"https://spdx.org/spdxdocs/assay-{version}-linux-{architecture}-{digest}",
        "creationInfo": {"created": created, "creators": ["Tool: assay-ci-release"]},
        "packages": packages,
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations],
    }
    if any(part["licence"] == PUBLIC_DOMAIN for part in parts):
        document["hasExtractedLicensingInfos"] = [{
            "licenseId": PUBLIC_DOMAIN, "name": "Public domain",
            "extractedText": "The authors have put this work into the public domain.",
        }]
    return document


def cyclonedx(digest, version, architecture, created, commit, parts, tools):
    def licences(expression):
        # The list of 1.5's schema is that of single licences: an expression may say anything.
        return [{"license": {"name": "Public domain"}}] if expression == PUBLIC_DOMAIN else [{"expression": expression}]

    def component(kind, part):
        return {
            "type": kind, "bom-ref": part["purl"], "name": part["name"], "version": part["version"], "purl": part["purl"],
            "licenses": licences(part["licence"]), "description": part["note"],
        }

    own = {"type": "application", "bom-ref": "assay", "name": "assay", "version": version,
           "purl": f"pkg:generic/assay@{version}?arch={architecture}", "licenses": [{"license": {"id": "Apache-2.0"}}],
           "hashes": [{"alg": "SHA-256", "content": digest}], "description": f"One static file, from commit {commit}"}
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest + version + architecture)}",
        "metadata": {"timestamp": created, "component": own,
                     "tools": {"components": [component("application", tool) for tool in tools]}},
        "components": [component("library", part) for part in parts],
        "dependencies": [{"ref": "assay", "dependsOn": sorted(part["purl"] for part in parts)}]
        + [{"ref": part["purl"]} for part in parts],
    }


def main():
    path, program, version, architecture, epoch, commit, packages, compiler, linker, out = sys.argv[1:]
    created = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha256(open(program, "rb").read()).hexdigest()
    parts = components.of(path, packages, compiler)
    number = re.search(r"Swift version (\S+)", compiler)[1]
    lld = re.search(r"LLD (\S+)", linker)
    if not lld:
        components.die("the linker", '"LLD X"', repr(linker))
    tools = [
        {"name": "swiftc", "version": number, "licence": components.SWIFT, "note": compiler,
         "purl": f"pkg:swift/github.com/swiftlang/swift@{number}"},
        {"name": "lld", "version": lld[1], "licence": "Apache-2.0 WITH LLVM-exception", "note": linker,
         "purl": f"pkg:generic/lld@{lld[1]}"},
    ]
    # One purl stands once in CycloneDX's references.
    tools[0]["purl"] += "#swiftc"
    for kind, document in (
        ("spdx", spdx(program, digest, version, architecture, created, commit, parts, tools)),
        ("cdx", cyclonedx(digest, version, architecture, created, commit, parts, tools)),
    ):
        with open(f"{out}.{kind}.json", "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main()
