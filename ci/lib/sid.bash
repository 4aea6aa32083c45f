# Sourced by scripts that compile with Debian sid's Swift, after ci/lib/say.bash and ci/lib/debian.bash.
# Its packages are those that ci/lib/sid.inputs names with their digests, as Images/NAME/inputs does: sid moves, and nobody's lists name
# what it has moved on from. They are taken apart, not installed: no script of theirs runs, and nothing of this host changes.
# ASSAY_SID: the directory of the packages and trees; else assay-sid in the user's cache. ASSAY_MIRROR: see ci/lib/debian.bash.

sid=${ASSAY_SID:-${XDG_CACHE_HOME:-$HOME/.cache}/assay-sid}
sid_repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
sid_inputs=$sid_repository/ci/lib/sid.inputs

# sid_pin: writes to ci/lib/sid.inputs what sid has now. Look at the change, and commit it.
sid_pin() {
    local own mirror architecture names
    mirror=$(debian_mirror)/
    own=$(mktemp -d)
    # What is linked: the libraries that ci/setup has, and what libarchive's static one needs.
    local libraries=(libc6-dev libstdc++-15-dev libarchive-dev nettle-dev libsqlite3-dev libyaml-dev zlib1g-dev liblzma-dev libzstd-dev
        libgmp-dev libacl1-dev libxml2-dev libbz2-dev liblz4-dev)
    echo "# What ci/lib/sid.bash takes of Debian sid, written by \`ci/steps/oldest-swift pin\`." >"$own/inputs"
    for architecture in amd64 arm64; do
        names=("${libraries[@]}")
        [[ $architecture != amd64 ]] || names+=(swiftlang libstdc++-16-dev lld binutils pkgconf git base-files dash bash coreutils)
        # sid's key is newer than stable's keyring, and the lists of a mirror that is frozen at some date have expired.
        open_apt "$own/$architecture" "$architecture" "deb [trusted=yes check-valid-until=no] ${mirror}debian sid main" >&2 || return 2
        # What comes with them, of which this tells no SHA-256.
        private_apt "$own/$architecture" "$architecture" apt-get install --print-uris --no-install-recommends "${names[@]}" >"$own/uris" || return 2
        mapfile -t names < <(awk '/^\047/ { sub(/_.*/, "", $2); print $2 }' "$own/uris")
        # Of arm64's Swift only its libraries are taken, which need nothing of what its compiler needs.
        [[ $architecture == amd64 ]] || names+=(swiftlang)
        private_apt "$own/$architecture" "$architecture" apt-get download --print-uris "${names[@]}" >"$own/uris" || return 2
        # Lines of 'URI' PACKAGE_VERSION_ARCHITECTURE.deb SIZE SHA256:DIGEST
        awk -v architecture="$architecture" -v mirror="$mirror" '/^\047/ {
            split($2, part, "_"); gsub(/\047/, "", $1); sub(mirror, "", $1); sub(/^SHA256:/, "", $4); gsub(/%3a/, ":", part[2])
            print architecture, part[1], part[2], $4, $1
        }' "$own/uris" | sort >>"$own/inputs"
    done
    mv "$own/inputs" "$sid_inputs"
    rm -rf "$own"
    say "pinned $(grep -vc '^#' "$sid_inputs") packages"
}

# sid_package PACKAGE SHA256 PATH: downloads a package unless it is there, and prints where.
sid_package() {
    local file="$sid/packages/$1_${2:0:16}.deb"
    if ! printf '%s  %s\n' "$2" "$file" | sha256sum --check --status 2>/dev/null; then
        # apt's own downloader: it knows the machine's proxies, and refuses other bytes.
        /usr/lib/apt/apt-helper -qq download-file "$(debian_mirror)/$3" "$file.new" "SHA256:$2" >"$sid/apt.log" 2>&1 || {
            cat "$sid/apt.log" >&2
            say "$(debian_mirror)/$3 cannot be had with SHA-256 $2; if sid has replaced it: ci/steps/oldest-swift pin"
            return 2
        }
        mv "$file.new" "$file"
    fi
    echo "$file"
}

# sid_tree ARCHITECTURE: makes the tree of amd64, which compiles, or of arm64, which has only what is linked. Prints its path.
sid_tree() {
    local tree=$sid/$1 made_of architecture package digest path file
    made_of=$(grep "^$1 " "$sid_inputs" | sha256sum)
    # A tree that is there says what it was made of.
    if [[ $(cat "$tree/.made-of" 2>/dev/null) != "$made_of" ]]; then
        mkdir -p "$sid/packages"
        say "making $tree of $(grep -c "^$1 " "$sid_inputs") packages"
        rm -rf --one-file-system "$tree" "$tree.new"
        mkdir "$tree.new"
        while read -r architecture package _ digest path; do
            [[ $architecture == "$1" ]] || continue
            file=$(sid_package "$package" "$digest" "$path") || return 2
            if [[ $1 == arm64 && $package == swiftlang ]]; then
                dpkg-deb --fsys-tarfile "$file" | tar -x -C "$tree.new" ./usr/libexec/swift/lib/swift ./usr/libexec/swift/lib/swift_static \
                    ./usr/libexec/swift/lib/clang || return 2
                # There the compiler looks for what every program is linked with.
                mkdir -p "$tree.new/usr/lib"
                ln -s ../libexec/swift/lib/swift ../libexec/swift/lib/swift_static "$tree.new/usr/lib/"
            else
                dpkg-deb -x "$file" "$tree.new" || return 2
            fi
        done <"$sid_inputs"
        [[ $1 != amd64 ]] || mkdir -p "$tree.new"/{arm64,mnt/host,var/build}
        echo "$made_of" >"$tree.new/.made-of"
        mv "$tree.new" "$tree"
    fi
    echo "$tree"
}

# in_sid DIRECTORY COMMAND...: runs a command in amd64's tree, with this repository read-only at /mnt/host, the DIRECTORY at /var/build,
# which has the home directory too, and arm64's tree at /arm64. The mounts are private; what a user who is not root mounts is in a user
# namespace of his own. The trees are locked: nobody makes them anew meanwhile.
in_sid() {
    local directory=$1 namespaces=(--mount --propagation private)
    shift
    [[ $EUID -eq 0 ]] || namespaces+=(--user --map-root-user)
    mkdir -p "$directory/home" "$directory/tmp"
    unshare "${namespaces[@]}" sh -euc '
        tree=$1 repository=$2 directory=$3 libraries=$4
        mount --rbind /proc "$tree/proc"
        mount --rbind /dev "$tree/dev"
        mount --bind "$repository" "$tree/mnt/host"
        mount -o remount,bind,ro "$tree/mnt/host"
        mount --bind "$directory" "$tree/var/build"
        [ ! -d "$libraries" ] || mount --bind "$libraries" "$tree/arm64"
        shift 4
        exec chroot "$tree" /usr/bin/env -i PATH=/usr/libexec/swift/bin:/usr/bin:/bin HOME=/var/build/home TMPDIR=/var/build/tmp "$@"
    ' sh "$sid/amd64" "$sid_repository" "$directory" "$sid/arm64" "$@"
}

# sid_dependencies DIRECTORY: gives SwiftPM in there what this machine's SwiftPM has downloaded, so that it needs no network.
sid_dependencies() {
    local cache=${XDG_CACHE_HOME:-$HOME/.cache}/org.swift.swiftpm/repositories own=$1/home/.cache/org.swift.swiftpm
    [[ -d $cache && -e $sid_repository/Package.resolved ]] || { say "SwiftPM has nothing in $cache: run ci/build first"; return 2; }
    rm -rf "$own" && mkdir -p "$own"
    cp -a "$cache" "$own/"
}
