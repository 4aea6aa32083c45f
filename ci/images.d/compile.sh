# Cross compilation against the files of Debian's packages: the Swift toolchain's clang and lld, no compiler of Debian's.

# make_sysroot NAME ARCHITECTURE DIRECTORY: every package of Images/NAME/inputs for that architecture.
make_sysroot() {
    local architecture package rest link target
    while read -r architecture package rest; do
        [[ $architecture != "$2" ]] || unpack "$1" "$2" "$package" "$3"
    done < <(inputs_of "$1")
    # Absolute links point into the host's root: make them point into this one.
    while read -r link; do
        target=$(readlink "$link")
        ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$3$target")" "$link"
    done < <(find "$3" -type l -lname '/*')
}

# compile_file SOURCE OUTPUT FLAG...: with the flags that the source's own heading names.
compile_file() {
    local source=$1 object=$2 driver=$clang standard=-std=gnu17 own
    shift 2
    [[ $source != *.cc ]] || { driver=$clang++ standard=-std=c++17; }
    read -r -a own <<<"$(heading "$source" flags)"
    "$driver" "$standard" -O2 -Wall -Wextra -Werror -Wno-unused-function -Wno-deprecated-declarations -Wno-unused-command-line-argument -ffp-contract=off \
        -fno-builtin -frandom-seed=assay -fuse-ld=lld -Wl,--build-id=none -Wl,-s -I "$root/Images/lib" "$source" -o "$object" "$@" "${own[@]}"
}

# compile_image NAME TREE FLAG...: libraries/*.{c,cc} into /usr/lib/assay, probes/*.{c,cc} into /usr/libexec/assay.
compile_image() {
    local name=$1 tree=$2 source file
    shift 2
    mkdir -p "$tree/usr/lib/assay" "$tree/usr/libexec/assay"
    for source in "$root/Images/$name"/libraries/*.c*; do
        file=$(basename "${source%.*}")
        compile_file "$source" "$tree/usr/lib/assay/lib$file.so" "$@" -fPIC -shared "-Wl,-soname,lib$file.so"
    done
    for source in "$root/Images/$name"/probes/*.c*; do
        file=$(basename "${source%.*}")
        compile_file "$source" "$tree/usr/libexec/assay/$file" "$@" "-L$tree/usr/lib/assay" "${program_flags[@]}"
    done
}
