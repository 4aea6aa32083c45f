# Debian packages: pinned in Images/NAME/inputs, kept in a cache, taken apart without being installed.
# A line of inputs: ARCHITECTURE PACKAGE VERSION SHA256 PATH-ON-THE-MIRROR, after a pin; the first two are enough before.

mirror=${ASSAY_MIRROR:-http://deb.debian.org}
apt_helper=/usr/lib/apt/apt-helper

# inputs_of NAME: the lines, without comments.
inputs_of() { grep -v -e '^#' -e '^$' "$root/Images/$1/inputs" || true; }

# cached ARCHITECTURE PACKAGE SHA256: where that package is, or would be.
cached() { printf '%s/%s_%s_%s.deb\n' "$packages" "$2" "$1" "${3:0:16}"; }

has_digest() { [[ -f $1 ]] && printf '%s  %s\n' "$2" "$1" | sha256sum --check --status 2>/dev/null; }

fetch_image() {
    local architecture package version digest path file count=0
    mkdir -p "$packages"
    while read -r architecture package version digest path; do
        [[ -n $path ]] || { say "Images/$1/inputs: $package ($architecture) is not pinned; run ci/images pin $1"; return 1; }
        file=$(cached "$architecture" "$package" "$digest")
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
    file=$(cached "$2" "$3" "$digest")
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

# The packages to pin: those that inputs names, or what apt would install for the names after "# closure:", for each architecture.
wanted() {
    local closure architecture
    closure=$(sed -n 's/^# closure: //p' "$root/Images/$1/inputs")
    if [[ -z $closure ]]; then
        inputs_of "$1" | awk '{ print $1, $2 }'
        return
    fi
    for architecture in arm64 amd64; do
        # shellcheck disable=SC2086
        apt-get "${apt_options[@]}" -o "APT::Architecture=$architecture" -o APT::Install-Recommends=false -qq --print-uris install $closure |
            awk -v a="$architecture" '{ sub(/_.*/, "", $2); print a, $2 }' | sort
    done
}

pin_image() {
    private_apt
    local architecture package uri digest version path size file=$root/Images/$1/inputs
    wanted "$1" >"$work/wanted"
    grep '^#' "$file" >"$work/inputs" || true
    while read -r architecture package; do
        # 'URI' FILE SIZE SHA256:DIGEST, where FILE is PACKAGE_VERSION_ARCHITECTURE.deb
        read -r uri path size digest < <(apt-get "${apt_options[@]}" download --print-uris "$package:$architecture") ||
            { say "the mirror has no $package for $architecture"; return 1; }
        version=${path#"${package}_"}
        version=${version%_*}
        uri=${uri//\'/}
        printf '%s %s %s %s %s\n' "$architecture" "$package" "${version//%3a/:}" "${digest#SHA256:}" "${uri#"$mirror"/}"
    done <"$work/wanted" >>"$work/inputs"
    mv "$work/inputs" "$file"
    say "$1: pinned $(inputs_of "$1" | wc -l) packages"
}
