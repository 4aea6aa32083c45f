# Sourced by what downloads Debian's packages.

# debian_mirror: where `debian` and `debian-security` are, without either name: ASSAY_MIRROR, else what this machine's own apt uses most, else Debian's own.
debian_mirror() {
    local own=
    [[ -n ${ASSAY_MIRROR:-} ]] || own=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
        sed -n 's,^\(https\?://.*\)/debian/*$,\1,p' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }') || true
    own=${ASSAY_MIRROR:-${own:-http://deb.debian.org}}
    echo "${own%/}"
}
