"""More odd documents: members of other types than Go's, spelled otherwise, twice, and members that only some engines read. Adds them to `ODD`."""

import re

from odd import document, simple


def member(field):
    """Adds a member at the beginning of what `opening` ends in."""
    return lambda text: text.replace('"config": {', '"config": {%s, ' % field, 1)


def outside(field):
    return lambda text: "{" + field + ", " + text[1:]


def layer(field):
    return lambda text: text.replace('"layers": [{', '"layers": [{%s, ' % field, 1)


def configured(field):
    """In the descriptor of the configuration."""
    return lambda text: text.replace('"config": {', '"config": {%s, ' % field, 1)


def described(field):
    """In the index, in the descriptor of the manifest."""
    return lambda text: text.replace('"manifests": [{', '"manifests": [{%s, ' % field, 1)


def sized(value):
    """The size of the last layer."""
    def change(text):
        at = text.rindex('"size": ')
        return text[:at] + '"size": ' + value + text[at:][re.match(r'"size": \d+', text[at:]).end():]
    return change


def listed(value):
    """The size of the manifest."""
    return lambda text: re.sub(r'"size": \d+', '"size": ' + value, text, count=1)


for name, field in {
    "healthcheck-text": '"Healthcheck": {"Test": "curl"}', "healthcheck-list": '"Healthcheck": ["CMD"]', "healthcheck-null": '"Healthcheck": null',
    "healthcheck-interval-text": '"Healthcheck": {"Test": ["NONE"], "Interval": "30s"}', "healthcheck-interval-float": '"Healthcheck": {"Interval": 1.5}',
    "healthcheck-retries-text": '"Healthcheck": {"Retries": "3"}', "healthcheck": '"Healthcheck": {"Test": ["NONE"], "Interval": 30000000000, "Retries": 3}',
    "shell-text": '"Shell": "/bin/sh"', "on-build-text": '"OnBuild": "RUN x"', "args-escaped-text": '"ArgsEscaped": "true"', "args-escaped-number": '"ArgsEscaped": 1',
    "volumes-list": '"Volumes": ["/x"]', "volumes-null-value": '"Volumes": {"/x": null}', "volumes-text-value": '"Volumes": {"/x": "y"}', "volumes-null": '"Volumes": null',
    "volumes-members": '"Volumes": {"/x": {"a": 1}}', "ports-list": '"ExposedPorts": ["80/tcp"]', "ports-null-value": '"ExposedPorts": {"80/tcp": null}',
    "ports-number": '"ExposedPorts": {"80/tcp": 80}', "ports-odd": '"ExposedPorts": {"http": {}}', "ports-above": '"ExposedPorts": {"99999/tcp": {}}', "labels-list": '"Labels": ["a=b"]', "labels-null": '"Labels": null',
    "stop-timeout-text": '"StopTimeout": "10"', "tty-text": '"Tty": "true"', "hostname-number": '"Hostname": 1', "domainname-number": '"Domainname": 1',
    "attach-text": '"AttachStdin": "no"', "mac-address-number": '"MacAddress": 1', "image-number": '"Image": 1', "network-disabled-text": '"NetworkDisabled": "no"',
    "memory-text": '"Memory": "1g"', "cpu-shares-text": '"CpuShares": "1"', "stdin-once-text": '"StdinOnce": "no"', "user-list": '"User": ["root"]', "dir-number": '"WorkingDir": 1',
    "stop-signal-number": '"StopSignal": 9',
}.items():
    document(name, member(field))
for name, field in {
    "container-config-text": '"container_config": "x"', "container-config-env-text": '"container_config": {"Env": "x"}', "container-number": '"container": 1',
    "parent-number": '"parent": 1', "id-number": '"id": 1', "size-text": '"Size": "1"', "docker-version-number": '"docker_version": 1', "comment-number": '"comment": 1',
    "throwaway-text": '"throwaway": "x"', "variant-number": '"variant": 8', "os-version-number": '"os.version": 1', "os-features-text": '"os.features": "x"',
    "created-number": '"created": 1', "created-leap": '"created": "2024-02-30T00:00:00Z"', "created-leap-second": '"created": "2016-12-31T23:59:60Z"',
    "created-comma": '"created": "2024-01-01T00:00:00,5Z"', "created-hour-24": '"created": "2024-01-01T24:00:00Z"', "created-year-0": '"created": "0000-01-01T00:00:00Z"',
    "created-short-hour": '"created": "2024-01-01T1:00:00Z"', "created-offset-24": '"created": "2024-01-01T00:00:00+24:00"', "created-offset-23": '"created": "2024-01-01T00:00:00+23:59"',
    "created-empty": '"created": ""', "created-space": '"created": "2024-01-01 00:00:00Z"', "created-no-zone": '"created": "2024-01-01T00:00:00"',
    "history-null": '"history": null', "history-null-step": '"history": [null]', "history-empty-layer-text": '"history": [{"empty_layer": "true"}]',
    "history-by-number": '"history": [{"created_by": 1}]', "moby-time": '"moby.buildkit.cache.v0": 7', "author-null": '"author": null',
    "architecture-number": '"Architecture": 1',
}.items():
    document(name, outside(field))
document("diff-ids-null", lambda text: text[:text.index('"rootfs"')] + '"rootfs": {"type": "layers", "diff_ids": null}}')
document("rootfs-null", lambda text: text[:text.index('"rootfs"')] + '"rootfs": null}')
document("rootfs-none", lambda text: text[:text.index(', "rootfs"')] + "}")
document("diff-ids-text", lambda text: text[:text.index('"rootfs"')] + '"rootfs": {"type": "layers", "diff_ids": "x"}}')
document("diff-ids-null-id", lambda text: text[:text.index('"rootfs"')] + '"rootfs": {"type": "layers", "diff_ids": [null]}}')
document("diff-ids-capitals", lambda text: re.sub(r'sha256:[0-9a-f]+', lambda found: found.group().upper().replace("SHA256", "sha256"), text))
document("env-null", lambda text: text.replace('["PATH=/usr/bin:/bin"]', "null"))
document("env-null-word", lambda text: text.replace('["PATH=/usr/bin:/bin"]', '["PATH=/usr/bin:/bin", null]'))
document("capitals", lambda text: text.replace('"Entrypoint"', '"entryPOINT"').replace('"architecture"', '"ARCHITECTURE"').replace('"rootfs"', '"RootFS"').replace('"diff_ids"', '"Diff_IDs"'))
document("mark", lambda text: "\ufeff" + text)
document("behind", lambda text: text + "x")
document("twice", lambda text: text + text)
document("line-behind", lambda text: text + "\n{}")
document("nul-behind", lambda text: text + "\0")
for name, field in {
    "layer-data-odd": '"data": "***"', "layer-data-number": '"data": 1', "layer-data-null": '"data": null', "layer-data-list": '"data": [1, 2]', "layer-data-large": '"data": [256]',
    "layer-data-padding": '"data": "YQ"', "layer-data-lines": '"data": "Y\\nQ=="', "layer-data-url": '"data": "_-8="',
    "layer-platform": '"platform": {"os": "linux"}', "layer-platform-text": '"platform": "linux/arm64"', "layer-annotations-list": '"annotations": []',
    "layer-annotations-null": '"annotations": null', "layer-urls-text": '"urls": "x"', "layer-urls-null": '"urls": null', "layer-artifact-type-number": '"artifactType": 1',
}.items():
    document("manifest-" + name, manifest=layer(field))
for name, field in {"data-odd": '"data": "***"', "data-wrong": '"data": "e30="', "platform-number": '"platform": 7', "platform-os-number": '"platform": {"os": 7}', "urls-number": '"urls": 7'}.items():
    document("manifest-config-" + name, manifest=configured(field))
for name, value in {"float": "1e3", "point": "5.0", "negative": "-1", "huge": "9223372036854775808", "large": "9223372036854775807", "text": '"5"', "null": "null", "zero": "0", "minus-zero": "-0"}.items():
    document("manifest-size-of-layer-" + name, manifest=sized(value))
    document("index-size-" + name, index=listed(value))
document("manifest-layers-null", manifest=lambda text: text[:text.index('"layers"')] + '"layers": null}')
document("manifest-layers-none", manifest=lambda text: text[:text.index(', "layers"')] + "}")
document("manifest-layers-object", manifest=lambda text: text[:text.index('"layers"')] + '"layers": {}}')
document("manifest-layer-null", manifest=lambda text: text.replace('"layers": [', '"layers": [null, '))
document("manifest-digest-capitals", manifest=lambda text: re.sub(r'(sha256:[0-9a-f]+)(?=[^{]*$)', lambda found: "sha256:" + found.group()[7:].upper(), text))
document("manifest-fs-layers", manifest=outside('"fsLayers": []'))
document("manifest-history", manifest=outside('"history": []'))
document("manifest-capitals", manifest=lambda text: text.replace('"layers"', '"Layers"').replace('"config"', '"CONFIG"').replace('"mediaType"', '"MEDIATYPE"'))
document("manifest-mark", manifest=lambda text: "\ufeff" + text)
document("manifest-behind", manifest=lambda text: text + "x")
document("manifest-artifact-type-number", manifest=outside('"artifactType": 1'))
document("manifest-subject-text", manifest=outside('"subject": "x"'))
document("manifest-subject-null", manifest=outside('"subject": null'))
document("manifest-annotations-list", manifest=outside('"annotations": []'))
document("manifest-type-number", manifest=lambda text: re.sub(r'"mediaType": "[^"]*"', '"mediaType": 7', text, count=1))
document("manifest-type-empty", manifest=lambda text: re.sub(r'"mediaType": "[^"]*"', '"mediaType": ""', text, count=1))
document("manifest-schema-text", manifest=lambda text: text.replace('"schemaVersion": 2', '"schemaVersion": "2"'))
document("manifest-schema-null", manifest=lambda text: text.replace('"schemaVersion": 2', '"schemaVersion": null'))
document("manifest-empty-config", manifest=lambda text: re.sub(r'"config": \{[^}]*\}', '"config": {}', text))
for name, field in {
    "platform-text": '"x": 1, "Platform": "linux/arm64"', "data-odd": '"data": "***"', "data-number": '"data": 1', "annotations-number": '"x": 1, "urls": [1]', "artifact-type-number": '"artifactType": 1',
}.items():
    document("index-" + name, index=described(field))
document("index-schema-1", index=lambda text: text.replace('"schemaVersion": 2', '"schemaVersion": 1'))
document("index-no-schema", index=lambda text: text.replace('"schemaVersion": 2, ', ""))
document("index-capitals", index=lambda text: text.replace('"manifests"', '"MANIFESTS"').replace('"digest"', '"Digest"').replace('"size"', '"SIZE"'))
document("index-mark", index=lambda text: "\ufeff" + text)
document("index-behind", index=lambda text: text + "x")
document("index-type-other", index=outside('"mediaType": "application/x"'))
document("index-type-number", index=outside('"mediaType": 7'))
document("index-type-manifest", index=outside('"mediaType": "application/vnd.oci.image.manifest.v1+json"'))
document("index-artifact-type-number", index=outside('"artifactType": 7'))
document("index-subject-text", index=outside('"subject": "x"'))
document("index-annotations-text", index=outside('"annotations": "x"'))
document("index-both", index=outside('"layers": []'))
document("index-null-entry", index=lambda text: text.replace('"manifests": [', '"manifests": [null, '))


def layout(name, content):
    def make(image):
        image.start()
        image.layout = content
    simple("document-layout-" + name, make)


layout("none", None)
layout("no-version", {})
layout("version-1.1", {"imageLayoutVersion": "1.1.0"})
layout("version-2", {"imageLayoutVersion": "2.0.0"})
layout("version-number", {"imageLayoutVersion": 1})
layout("version-short", {"imageLayoutVersion": "1.0"})
layout("more", {"imageLayoutVersion": "1.0.0", "other": 1})
layout("list", [])
