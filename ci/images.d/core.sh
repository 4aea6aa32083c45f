# The core image: what the assay binary embeds (Images/core/README.md).

find_clang() {
    local swiftc candidate
    for candidate in "${ASSAY_CLANG:-}" /opt/swift/usr/bin/clang; do
        if [[ -n $candidate && -x $candidate ]]; then
            echo "$candidate"
            return
        fi
    done
    swiftc=$(command -v swiftc) || { say "no Swift toolchain (swiftc) found"; return 1; }
    echo "$(dirname "$(readlink -f "$swiftc")")/clang"
}

# compile_core TRIPLE OUTPUT [FLAG...]: one static program from the sources, in order of their names.
compile_core() {
    local triple=$1 output=$2
    shift 2
    local machine=${triple%%-*}
    local flags=(
        "--target=$triple" -std=c23 -Wall -Wextra -Werror -Wshadow -Wno-gnu-designator
        -ffreestanding -nostdlibinc -fno-pic -fno-stack-protector -fno-strict-aliasing -fno-ident
        -fno-asynchronous-unwind-tables -fno-unwind-tables -ffp-contract=off "$@"
    )
    [[ $machine == arm ]] || flags+=(-frounding-math) # clang does not know it for 32-bit ARM
    local objects=() source object
    mkdir "$work/$machine"
    local instructions=() # the models of AArch64's: the native twin skips what needs them
    [[ $machine == aarch64 ]] && instructions=(isa/*.c isa/*.S)
    for source in *.c sys/*.c "sys/$machine.S" "${instructions[@]}" probes/*.c; do
        object=$work/$machine/${source//\//-}.o
        "$clang" "${flags[@]}" -c "$source" -o "$object"
        objects+=("$object")
    done
    "$clang" "--target=$triple" -nostdlib -static -fuse-ld=lld -Wl,--build-id=none -Wl,-z,norelro -Wl,-z,noexecstack \
        -Wl,-z,max-page-size=65536 -Wl,-z,nosectionheader -Wl,-s "${objects[@]}" -o "$output"
}

# pack_core ARCHITECTURE: the root file system, as a tarball: arm64's compressed, of the others what differs from that.
pack_core() {
    local tree=$work/core-$1
    make_directories "$tree" core "$1"
    install -m 0755 "$work/probe-$1" "$tree/bin/assay-probe"
    install -m 0644 "$work/core-probes.json" "$tree/usr/share/assay/probes.json"
    tar_tree "$tree" >"$tree.tar"
    if [[ $1 == arm64 ]]; then
        zstd --quiet --no-progress -19 --zstd=windowLog=19 "$tree.tar" -o "$work/embedded/core-$1.tar.zst"
    else
        zstd --quiet --no-progress -19 --patch-from="$work/core-arm64.tar" "$tree.tar" \
            -o "$work/embedded/core-$1.patch.zst" 2>"$work/zstd.log" || { cat "$work/zstd.log" >&2; return 1; }
    fi
}

# Leaves in $work/embedded what belongs in Sources/CImages: the core images, and the other images' catalogues by name.
make_embedded() {
    clang=$(find_clang)
    mkdir "$work/embedded"
    cd "$root/Images/core"
    compile_core aarch64-linux-gnu "$work/probe-arm64" -Oz -mno-outline -mno-outline-atomics
    compile_core x86_64-linux-gnu "$work/probe-amd64" -Os
    compile_core riscv64-linux-gnu "$work/probe-riscv64" -Oz
    compile_core s390x-linux-gnu "$work/probe-s390x" -Oz
    compile_core powerpc64le-linux-gnu "$work/probe-ppc64le" -Oz
    # What Go and Debian ask for: SSE2 (GO386=sse2, trixie's i386), and Armv7-A with VFPv3 of 16 registers (armhf).
    compile_core i386-linux-gnu "$work/probe-386" -Os -march=i686 -msse2 -mfpmath=sse
    compile_core arm-linux-gnueabihf "$work/probe-arm" -Os -march=armv7-a -mfpu=vfpv3-d16 -marm
    "$work/probe-$native" --catalogue >"$work/core-probes.json"
    local name
    for name in arm64 amd64 riscv64 s390x ppc64le 386 arm; do pack_core "$name"; done
    local separator=
    for name in $(known_images); do
        printf '%s"%s": ' "$separator" "$name"
        catalogue_of "$name" "$work/probe-$native"
        separator=', '
    done | { printf '{'; cat; printf '}\n'; } >"$work/embedded/catalogues.json"
}

# embed [--check]: puts those files in their place, or says which differ from what is there.
embed() {
    local committed=$root/Sources/CImages status=0 file name
    make_embedded
    for file in "$work"/embedded/*; do
        name=$(basename "$file")
        if [[ ${1:-} != --check ]]; then
            install -m 0644 "$file" "$committed/$name.new"
            mv "$committed/$name.new" "$committed/$name"
        elif ! cmp -s "$file" "$committed/$name"; then
            status=1
            say "Sources/CImages/$name is not what Images/ makes; run ci/images and commit it:"
            sha256sum "$file" "$committed/$name" >&2 || true
        fi
    done
    return "$status"
}
