# Debian's C and C++ libraries with loader, character sets, ldconfig and getconf, and probes that are compiled against them.

make_tree() {
    local architecture=$1 tree=$2 sysroot=$work/glibc-sysroot-$1 triplet loader library
    case $architecture in
        arm64) triplet=aarch64-linux-gnu loader=lib/ld-linux-aarch64.so.1 ;;
        amd64) triplet=x86_64-linux-gnu loader=lib64/ld-linux-x86-64.so.2 ;;
    esac
    make_sysroot glibc "$architecture" "$sysroot"

    mkdir -p "$tree/lib/$triplet" "$tree/sbin" "$tree/usr/bin" "$tree/usr/lib/$triplet/gconv/gconv-modules.d" \
        "$tree/usr/lib/locale" "$tree/$(dirname "$loader")"
    cp -P "$sysroot/$loader" "$tree/$loader"
    cp -P "$sysroot/lib/$triplet"/ld-linux-*.so.* "$tree/lib/$triplet/"
    for library in c m dl pthread nss_files resolv gcc_s; do
        cp -P "$sysroot/lib/$triplet/lib$library".so.* "$tree/lib/$triplet/"
    done
    cp -P "$sysroot/usr/lib/$triplet"/libstdc++.so.6* "$tree/usr/lib/$triplet/"
    for library in UTF-16 ISO8859-15 EUC-JP libJIS; do
        cp "$sysroot/usr/lib/$triplet/gconv/$library.so" "$tree/usr/lib/$triplet/gconv/"
    done
    cp "$sysroot/usr/lib/$triplet/gconv/gconv-modules" "$tree/usr/lib/$triplet/gconv/"
    cp "$sysroot/usr/lib/$triplet/gconv/gconv-modules.d"/* "$tree/usr/lib/$triplet/gconv/gconv-modules.d/"
    cp -R "$sysroot/usr/lib/locale/C.utf8" "$tree/usr/lib/locale/"
    cp "$sysroot/sbin/ldconfig" "$tree/sbin/"
    cp "$sysroot/usr/bin/getconf" "$tree/usr/bin/"
    printf '/usr/lib/assay\n/lib/%s\n/usr/lib/%s\n' "$triplet" "$triplet" >"$tree/etc/ld.so.conf"
    cp "$sources"/etc/* "$tree/etc/"

    compile_image glibc "$tree" "--target=$triplet" "--sysroot=$sysroot" "--gcc-install-dir=$sysroot/usr/lib/gcc/$triplet/12"
}
