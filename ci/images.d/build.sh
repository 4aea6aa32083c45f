# The images beyond core. Images/NAME/recipe.sh defines make_tree ARCHITECTURE TREE, and may set these:
#   compression   options of zstd
#   patience      how many times the usual time its probes may take (the usual: 2 s each)
#   program_flags options for the probes of compile_image, not for its libraries
# It finds $sources (Images/NAME), $clang, unpack, compile, and scratch space in $work.

build_image() (
    local name=$1 architecture tree
    sources=$root/Images/$name
    architectures=("$native" "$([[ $native == arm64 ]] && echo amd64 || echo arm64)")
    patience=5 program_flags=()
    compression=(-15 --zstd=windowLog=22)
    # shellcheck source=/dev/null
    . "$sources/recipe.sh"
    clang=$(find_clang)
    [[ -x $work/core-$native/bin/assay-probe ]] || unpack_core
    mkdir -p "$output"
    for architecture in "${architectures[@]}"; do
        tree=$work/$name-$architecture
        make_directories "$tree" "$name" "$architecture"
        printf 'patience=%s\n' "$patience" >>"$tree/etc/assay-image"
        make_tree "$architecture" "$tree"
        add_probes "$name" "$architecture" "$tree"
        [[ $architecture != "$native" ]] || run_natively "$name" "$tree"
        pack "$tree" "$work/$name.tar.zst" "${compression[@]}"
        mv "$work/$name.tar.zst" "$output/$name-$architecture.tar.zst"
        say "$output/$name-$architecture.tar.zst has $(stat -c %s "$output/$name-$architecture.tar.zst") bytes"
    done
)

# The committed core images hold assay-probe for both architectures: arm64's whole, amd64's as what differs from it.
unpack_core() {
    local embedded=$root/Sources/CImages architecture
    zstd --quiet --decompress "$embedded/core-arm64.tar.zst" -o "$work/core-arm64.tar"
    zstd --quiet --decompress --patch-from="$work/core-arm64.tar" "$embedded/core-amd64.patch.zst" -o "$work/core-amd64.tar"
    for architecture in arm64 amd64; do
        mkdir -p "$work/core-$architecture"
        tar -C "$work/core-$architecture" -xf "$work/core-$architecture.tar"
    done
}

# add_probes NAME ARCHITECTURE TREE: the runner, the table, the catalogue, and what the table names and is not compiled.
add_probes() {
    local source
    install -m 0755 "$work/core-$2/bin/assay-probe" "$3/bin/assay-probe"
    table_of "$1" >"$3/usr/share/assay/programs"
    catalogue_of "$1" "$work/core-$native/bin/assay-probe" >"$3/usr/share/assay/probes.json"
    mkdir -p "$3/usr/libexec/assay"
    for source in "$root"/Images/lib/* "$root/Images/$1"/probes/*; do
        case $source in
            *.sh | *.bash | *.pl | *.py | *.pm) install -m 0644 "$source" "$3/usr/libexec/assay/" ;;
        esac
    done
}
