# Debian's musl, which is C library and loader in one file, and probes that are compiled against it.

make_tree() {
    local architecture=$1 tree=$2 sysroot=$work/musl-sysroot-$1 machine
    case $architecture in
        arm64) machine=aarch64 ;;
        amd64) machine=x86_64 ;;
    esac
    make_sysroot musl "$architecture" "$sysroot"
    local static=$sysroot/usr/lib/$machine-linux-musl shared=$sysroot/lib/$machine-linux-musl

    mkdir -p "$tree/lib" "$tree/usr/lib/assay"
    cp "$shared/libc.so" "$tree/lib/ld-musl-$machine.so.1"
    printf '/lib:/usr/lib\n' >"$tree/etc/ld-musl-$machine.path"
    cp "$sources"/etc/* "$tree/etc/"

    # libgcc's archive serves any C library: long double of a static program needs it on AArch64.
    local flags=("--target=$machine-linux-musl" -nostdlib -nostdlibinc -isystem "$sysroot/usr/include/$machine-linux-musl"
        "-L$shared" "-L$static" -lc "$sysroot/usr/lib/gcc/$machine-linux-gnu/12/libgcc.a")
    [[ $machine != aarch64 ]] || flags+=(-mno-outline-atomics)
    program_flags=("$static/Scrt1.o" "$static/crti.o" "$static/crtn.o" "-Wl,--dynamic-linker=/lib/ld-musl-$machine.so.1")
    compile_image musl "$tree" "${flags[@]}"
}
