# Debian packages: pinned in Images/NAME/inputs, kept in a cache, taken apart without being installed.
# A line of inputs: ARCHITECTURE PACKAGE VERSION SHA256 PATH-ON-THE-MIRROR, after a pin; the first two are enough before.

# As in ci/lib/debian.bash, but that without it Debian's own is asked: what is pinned another may not have.
mirror=${ASSAY_MIRROR:-http://deb.debian.org}
mirror=${mirror%/}
apt_helper=/usr/lib/apt/apt-helper

# inputs_of NAME: the lines, without comments.
inputs_of() { grep -v -e '^#' -e '^$' "$root/Images/$1/inputs" || true; }

# cached PACKAGE SHA256: where that package is, or would be.
cached() { printf '%s/%s_%s.deb\n' "$packages" "$1" "${2:0:16}"; }

has_digest() { [[ -f $1 ]] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --status 2>/dev/null; }

fetch_image() {
    local architecture package version digest path file count=0
    mkdir -p "$packages"
    while read -r architecture package version digest path; do
        [[ -n $path ]] || { say "Images/$1/inputs: $package ($architecture) is not pinned; run ci/images pin $1"; return 1; }
        file=$(cached "$package" "$digest")
        if has_digest "$file" "$digest"; then continue; fi
        # apt's own downloader: it knows the machine's proxies, and refuses other bytes.
        if ! "$apt_helper" -qq download-file "$mirror/$path" "$file.new" "SHA256:$digest" >"$work/apt.log" 2>&1; then
            cat "$work/apt.log" >&2
            rm -f "$file.new" "$file.new.FAILED"
            say "$mirror/$path: $package $version ($architecture) cannot be downloaded with SHA-256 $digest."
            say "If the mirror has replaced that version, run ci/images pin $1, look at the change of Images/$1/inputs, and commit it."
            return 1
        fi
        mv "$file.new" "$file"
        count=$((count + 1))
    done < <(inputs_of "$1")
    say "$1: $count packages downloaded, all are in $packages"
}

# unpack NAME ARCHITECTURE PACKAGE DIRECTORY: the files of a pinned package, from the cache.
unpack() {
    local file digest
    digest=$(inputs_of "$1" | awk -v a="$2" -v p="$3" '$1 == a && $2 == p { print $4 }')
    [[ -n $digest ]] || { say "Images/$1/inputs names no $3 for $2"; return 1; }
    file=$(cached "$3" "$digest")
    has_digest "$file" "$digest" || { say "$3 ($2) is not in $packages: run ci/images fetch $1"; return 1; }
    mkdir -p "$4"
    dpkg-deb --extract "$file" "$4"
}

# A private configuration of apt for both architectures: the machine's own sources and state are neither read nor changed.
private_apt() {
    apt=$work/apt
    [[ ! -d $apt ]] || return 0
    mkdir -p "$apt"/{lists/partial,cache/archives/partial}
    : >"$apt/status"
    local suite keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    for suite in "debian bookworm" "debian bookworm-updates" "debian-security bookworm-security"; do
        echo "deb [arch=arm64,amd64 signed-by=$keyring] $mirror/$suite main"
    done >"$apt/sources"
    apt_options=(
        -o "Dir::State=$apt" -o "Dir::State::status=$apt/status" -o "Dir::State::lists=$apt/lists"
        -o "Dir::Cache=$apt/cache" -o "Dir::Etc::sourcelist=$apt/sources" -o Dir::Etc::sourceparts=-
        -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Architectures::=amd64
        -o Acquire::Languages=none -o APT::Sandbox::User=root
    )
    apt-get -qq "${apt_options[@]}" update
}

# for_architecture ARCHITECTURE APT-GET-ARGUMENT...
for_architecture() {
    local architecture=$1
    shift
    apt-get "${apt_options[@]}" -o "APT::Architecture=$architecture" -o APT::Install-Recommends=false -qq --print-uris "$@"
}

# wanted NAME ARCHITECTURE: the packages to pin: those that inputs names, or all that come with the names after "# closure:".
wanted() {
    local closure
    closure=$(sed -n 's/^# closure: //p' "$root/Images/$1/inputs")
    if [[ -z $closure ]]; then
        inputs_of "$1" | awk -v a="$2" '$1 == a { print $2 }'
    else
        # shellcheck disable=SC2086
        for_architecture "$2" install $closure | awk '{ sub(/_.*/, "", $2); print $2 }'
    fi
}

pin_image() {
    private_apt
    local architecture names file=$root/Images/$1/inputs
    grep '^#' "$file" >"$work/inputs" || true
    for architecture in arm64 amd64; do
        wanted "$1" "$architecture" >"$work/wanted"
        [[ -s $work/wanted ]] || { say "$1: there is nothing to pin for $architecture"; return 1; }
        mapfile -t names <"$work/wanted"
        # Lines of 'URI' PACKAGE_VERSION_ARCHITECTURE.deb SIZE SHA256:DIGEST
        for_architecture "$architecture" download "${names[@]}" | sort -k 2 | awk -v a="$architecture" -v mirror="$mirror/" '{
            split($2, part, "_"); gsub(/\047/, "", $1); sub(mirror, "", $1); sub(/^SHA256:/, "", $4); gsub(/%3a/, ":", part[2])
            print a, part[1], part[2], $4, $1
        }' >>"$work/inputs"
    done
    mv "$work/inputs" "$file"
    say "$1: pinned $(inputs_of "$1" | wc -l) packages"
}
