"""Reads what ci/release wrote as others read it. Exit status: 0 right, 1 wrong.

    read.py cyclonedx FILE            the strict schema of CycloneDX 1.5
    read.py statement FILE DIRECTORY  in-toto's Statement v1; each subject is in the directory, with its digest
"""
import hashlib
import json
import os
import sys


def cyclonedx(path):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(path, encoding="utf-8").read())
    return f"{path}: {fault}" if fault else None


def statement(path, directory):
    from google.protobuf import json_format
    from in_toto_attestation.v1 import statement_pb2
    from in_toto_attestation.v1.statement import Statement

    text = open(path, encoding="utf-8").read()
    read = json_format.Parse(text, statement_pb2.Statement())
    Statement.copy_from_pb(read).validate()
    document = json.loads(text)
    predicate = document["predicate"]
    for key in ("buildType", "externalParameters", "resolvedDependencies"):
        if key not in predicate["buildDefinition"]:
            return f"{path}: expected buildDefinition.{key}, as SLSA provenance v1 has it; found none"
    if document["predicateType"] != "https://slsa.dev/provenance/v1" or "id" not in predicate["runDetails"]["builder"]:
        return f"{path}: expected SLSA provenance v1 with runDetails.builder.id; found {document['predicateType']}"
    for subject in document["subject"]:
        found = hashlib.sha256(open(os.path.join(directory, subject["name"]), "rb").read()).hexdigest()
        if found != subject["digest"]["sha256"]:
            return f"{path}: {subject['name']}: expected {subject['digest']['sha256']}; found {found}"
    return None


if __name__ == "__main__":
    fault = {"cyclonedx": cyclonedx, "statement": statement}[sys.argv[1]](*sys.argv[2:])
    if fault:
        sys.exit(fault)
