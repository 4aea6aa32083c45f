# Sourced by scripts that download Debian packages.

# debian_mirror: prints the parent URI of `debian` and `debian-security`: ASSAY_MIRROR, else the mirror that this machine's apt uses
# most, else Debian's own.
debian_mirror() {
    local own=
    [[ -n ${ASSAY_MIRROR:-} ]] || own=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
        sed -n 's,^\(https\?://.*\)/debian/*$,\1,p' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }') || true
    own=${ASSAY_MIRROR:-${own:-http://deb.debian.org}}
    echo "${own%/}"
}

# open_apt DIRECTORY ARCHITECTURE LINE...: prepares the directory for private_apt with these lines as sources, and fetches their lists.
open_apt() {
    local own=$1 architecture=$2
    shift 2
    mkdir -p "$own"/{etc/preferences.d,etc/apt.conf.d,state/lists/partial,cache/archives/partial}
    touch "$own/state/status"
    printf '%s\n' "$@" >"$own/etc/sources.list"
    private_apt "$own" "$architecture" apt-get update
}

# private_apt DIRECTORY ARCHITECTURE COMMAND...: runs an apt command with private sources, lists, cache and state: nothing counts as installed.
private_apt() {
    local own=$1 architecture=$2
    shift 2
    "$@" -qq -o Dir="$own" -o Dir::Etc=etc -o Dir::State=state -o Dir::Cache=cache -o Dir::State::status=status \
        -o Dir::Etc::trusted=none -o Dir::Etc::trustedparts=none -o Acquire::Languages=none -o APT::Sandbox::User= \
        -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" -o Acquire::Retries=2 -o APT::Update::Error-Mode=any
}
