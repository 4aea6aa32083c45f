# The native twin: the same probes, built for this machine. What fails there is wrong itself.

# run_natively NAME TREE: fails, showing the results, unless every probe of the tree is ok or skipped.
run_natively() {
    local name=$1 tree=$2 nonce result=$work/$1.tap status=0
    nonce=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    # Mounts live in a namespace of their own, and are gone before the tree is.
    unshare --user --map-root-user --mount --pid --fork --propagation private sh -euc '
        mount --bind "$0" "$0"
        mount -t proc proc "$0/proc"
        mount -t tmpfs tmpfs "$0/tmp"
        mount -t tmpfs tmpfs "$0/dev"
        for device in null zero full random urandom; do : >"$0/dev/$device"; mount --bind /dev/$device "$0/dev/$device"; done
        ln -s /proc/self/fd "$0/dev/fd"
        mkdir "$0/dev/shm"
        mount -o remount,bind,ro "$0"
        exec env -i "PATH=$PATH" chroot "$0" /bin/assay-probe --nonce "$1" --timeout-ms 30000 --jobs 2 --all
    ' "$tree" "$nonce" >"$result" || status=$?
    if ((status != 0)); then
        cat "$result" >&2
        say "$name: these probes fail on this machine itself, so they are wrong, or the image is:"
        grep '^not ok' "$result" >&2 || true
        return 1
    fi
    say "$name: $(grep -c '^ok' "$result") probes are ok natively, $(grep -c '# SKIP' "$result" || true) of them skipped"
}
