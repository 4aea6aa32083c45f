# Sourced by what builds the program, in the repository's root.

# provenance_object [TRIPLE]: prints the path of an object with the commit and the compiler, for the linker. Its name has both, so
# that another commit links the program again, and compiles nothing.
#   ASSAY_COMMIT=WORD    the commit; else that of the repository that this is, else "unknown"
#   ASSAY_COMPILER=TEXT  the compiler; else this machine's Swift
provenance_object() {
    local commit=${ASSAY_COMMIT:-} compiler object clang
    if [[ -z $commit && $(git rev-parse --show-toplevel 2>/dev/null) == "$(pwd -P)" ]]; then
        commit=$(git rev-parse HEAD)
        git diff --quiet HEAD || commit+=+changes
    fi
    commit=${commit:-unknown}
    [[ $commit =~ ^[[:alnum:]+._-]+$ ]] || { echo "ASSAY_COMMIT: expected one word, found \"$commit\"" >&2; return 64; }
    compiler=${ASSAY_COMPILER:-$(swift --version 2>/dev/null | grep -om 1 'Swift version .*')}
    clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
    object=$PWD/.build/provenance/$(sha256sum <<<"$commit $compiler ${1:-}" | cut -c1-16).o
    if [[ ! -e $object ]]; then
        mkdir -p "${object%/*}"
        printf 'const char assay_commit[] = "%s", assay_compiler[] = "%s";\n' "$commit" "${compiler//[\"\\]/}" \
            | "$clang" ${1:+--target="$1"} -x c -c -o "$object.$$" -
        mv "$object.$$" "$object"
    fi
    echo "$object"
}
