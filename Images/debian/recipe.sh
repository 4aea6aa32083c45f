# Debian's essential packages with apt and Python, set up by mmdebstrap from the cached packages alone: what package installations run.
# Needs root (or subordinate ids), mmdebstrap and arch-test; the other architecture's maintainer scripts run under emulation.

compression=(-12 --long=24)
patience=20

make_tree() {
    local architecture=$1 tree=$2 repository=$work/debian-repository-$1 package digest rest names
    rm -rf "$repository"
    mkdir -p "$repository"
    while read -r _ package _ digest rest; do
        has_digest "$(cached "$package" "$digest")" "$digest" || { say "$package ($architecture) is not in $packages: run ci/images fetch debian"; return 1; }
        ln -s "$(cached "$package" "$digest")" "$repository/"
    done < <(inputs_of debian | awk -v a="$architecture" '$1 == a')
    (cd "$repository" && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)
    # mmdebstrap looks for essential packages of the suite that it is asked for.
    printf 'Suite: bookworm\nCodename: bookworm\nDate: Thu, 01 Jan 1970 00:00:00 UTC\nSHA256:\n %s %s Packages\n' \
        "$(sha256sum <"$repository/Packages" | cut -d' ' -f1)" "$(stat -c %s "$repository/Packages")" >"$repository/Release"
    # Links do for reading them above; mmdebstrap's apt copies, and wants files.
    for package in "$repository"/*.deb; do cp --remove-destination "$(readlink "$package")" "$package"; done
    names=$(sed -n "s/^# closure: //p" "$sources/inputs" | tr " " ,)
    SOURCE_DATE_EPOCH=0 mmdebstrap --quiet --mode="$([[ $EUID -eq 0 ]] && echo root || echo unshare)" --variant=essential \
        --architectures="$architecture" --format=tar --include="$names" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --customize-hook='rm -rf "$1"/var/log/* "$1"/var/cache/* "$1"/var/lib/apt/lists/* "$1"/etc/*- "$1"/var/lib/dpkg/*-old' \
        --customize-hook='find "$1/usr/lib" -name __pycache__ -prune -exec rm -rf {} +' \
        bookworm - "deb [trusted=yes] copy:$repository ./" >"$work/debian.tar" 2>"$work/debian.log" ||
        { tail -n 20 "$work/debian.log" >&2; say "mmdebstrap failed for $architecture"; return 1; }
    rmdir "$tree/bin"
    tar -C "$tree" --exclude='./dev/*' --no-same-owner -xpf "$work/debian.tar"
    rm -rf "$work/debian.tar" "$repository"
    chmod -R u+rwX "$tree"
    mkdir -p "$tree/usr/share/assay/data"
    cp "$sources"/data/InRelease.* "$tree/usr/share/assay/data/"
    base64 --decode "$sources/data/keyring.base64" >"$tree/usr/share/assay/data/keyring.gpg"
}
