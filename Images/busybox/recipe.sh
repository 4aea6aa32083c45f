# Debian's static busybox, and a link for each of its applets.

make_tree() {
    local packed
    add_busybox "$1" "$2" busybox
    printf 'root:x:0:0:root:/root:/bin/sh\n' >"$2/etc/passwd"
    printf 'root:x:0:\n' >"$2/etc/group"
    # Streams that gzip 1.12, bzip2 1.0.8 and xz 5.4.1 made of "seq 1 2000".
    mkdir -p "$2/usr/libexec/assay"
    for packed in "$sources"/data/*.base64; do
        base64 --decode "$packed" >"$2/usr/libexec/assay/$(basename "$packed" .base64)"
    done
}
