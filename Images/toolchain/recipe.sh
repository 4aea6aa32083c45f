# Debian's tcc with what it needs to compile and run small C programs: loader, C library, headers, start files; busybox for a shell.

make_tree() {
    local architecture=$1 tree=$2 package from triplet loader library
    case $architecture in
        arm64) triplet=aarch64-linux-gnu loader=lib/ld-linux-aarch64.so.1 ;;
        amd64) triplet=x86_64-linux-gnu loader=lib64/ld-linux-x86-64.so.2 ;;
    esac
    add_busybox "$architecture" "$tree" toolchain
    from=$work/toolchain-unpacked-$architecture
    for package in tcc libc6 libc6-dev linux-libc-dev; do unpack toolchain "$architecture" "$package" "$from"; done

    mkdir -p "$tree/lib/$triplet" "$tree/usr/bin" "$tree/usr/lib/$triplet" "$tree/usr/include" "$tree/$(dirname "$loader")"
    cp -P "$from/$loader" "$tree/$loader"
    cp -P "$from/lib/$triplet"/ld-linux-*.so.* "$tree/lib/$triplet/"
    for library in c m dl pthread; do cp -P "$from/lib/$triplet/lib$library".so.* "$tree/lib/$triplet/"; done
    cp "$from/usr/bin/tcc" "$tree/usr/bin/tcc"
    ln -s tcc "$tree/usr/bin/cc"
    cp -R "$from/usr/lib/$triplet/tcc" "$tree/usr/lib/$triplet/"
    rm -f "$tree/usr/lib/$triplet"/tcc/i386-* # amd64's also compiles for another machine
    cp "$from/usr/lib/$triplet"/{crt1.o,crti.o,crtn.o,libc.so,libc_nonshared.a,libpthread.a,libdl.a} "$tree/usr/lib/$triplet/"
    ln -s "/lib/$triplet/libm.so.6" "$tree/usr/lib/$triplet/libm.so"
    cp "$from"/usr/include/*.h "$tree/usr/include/"
    cp -R "$from"/usr/include/asm-generic "$from/usr/include/$triplet" "$tree/usr/include/"
    mkdir "$tree/usr/include/linux"
    cp "$from"/usr/include/linux/{errno,limits,types,stddef,posix_types,falloc,stat,const,close_range,sched,prctl,futex}.h "$tree/usr/include/linux/"
    mkdir -p "$tree/usr/share/assay/corpus"
    install -m 0644 "$sources"/corpus/* "$tree/usr/share/assay/corpus/"
    printf 'root:x:0:0:root:/root:/bin/sh\n' >"$tree/etc/passwd"
}
