# Sourced by ci/release --check: makes the release twice, from nothing, and compares every file; then asks those who read such files.
# shellcheck shell=bash disable=SC2154 # arch, version, commit, images, root, parts and undetermined are ci/release's
# shellcheck source=../lib/checks.bash
. ci/lib/checks.bash

[[ $EUID -eq 0 ]] || undetermined "--check takes root: the second release is made by another user"
work=$(mktemp -d /var/tmp/assay-release.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
chmod 711 "$work"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/org.swift.swiftpm/repositories
[[ -d $cache && -e Package.resolved ]] || undetermined "SwiftPM has nothing in $cache: run ci/build first"
readonly other=65534

# copy PLACE: a clone of the commit, with the pins, the images, and a home that has SwiftPM's cache.
copy() {
    git clone -q --no-local "$root" "$1/tree"
    git -C "$1/tree" checkout -q "$commit"
    cp Package.resolved "$1/tree/"
    mkdir -p "$1/home/.cache/org.swift.swiftpm" "$1/images"
    cp -a "$cache" "$1/home/.cache/org.swift.swiftpm/"
    cp -- "$images"/*.tar.zst "$1/images/"
    printf '[safe]\n\tdirectory = *\n' >"$1/home/.gitconfig"
    [[ ! -e $HOME/.gitconfig ]] || cat "$HOME/.gitconfig" >>"$1/home/.gitconfig"
}

# released PLACE WORDS...: makes the release in the copy, with the environment and the user that the words before `--` give.
released() {
    local place=$1
    shift
    (cd "$place/tree" && env -i PATH="$PATH" HOME="$place/home" ASSAY_IMAGES="$place/images" ASSAY_MAINTAINER="$ASSAY_MAINTAINER" \
        ASSAY_SID="$work/sid" GIT_SSL_CAINFO="${GIT_SSL_CAINFO:-}" "$@" ci/release --arch "$arch") >"$place.log" 2>&1 || {
        tail -30 "$place.log" >&2
        return 1
    }
}

# The trees of the other compiler, where everybody may read them.
if [[ $arch != "$(uname -m)" ]]; then
    . ci/lib/debian.bash
    . ci/lib/sid.bash
    sid_tree amd64 >&2 && sid_tree arm64 >&2 || undetermined "the trees of Debian sid cannot be had"
    cp -al "$sid" "$work/sid" 2>/dev/null || { rm -rf "$work/sid" && cp -a "$sid" "$work/sid"; }
fi

first=$work/a second=$work/elsewhere/a-directory-with-a-longer-name
say "the first release, in $first"
copy "$first"
released "$first" || { say "it cannot be made"; exit 1; }
grep '^|' "$first.log" || true
mv "$first/tree/out/release/$version" "$work/first"
rm -rf "$first"

say "the second, in $second, by user $other, with other times, umask, locale and time zone"
copy "$second"
find "$second/tree" -path '*/.git' -prune -o -type f -exec touch -d '2020-02-29 12:34:56' {} +
chown -R "$other:$other" "$second"
chmod 755 "$work/elsewhere"
words=(setpriv --reuid "$other" --regid "$other" --clear-groups env TZ=Pacific/Chatham LANG=C.UTF-8)
if command -v faketime >/dev/null; then words+=(FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f '+400d'); else broken "another date" "there is no faketime here: both releases are of today"; fi
words+=(bash -c 'umask 077; exec "$@"' bash)
released "$second" "${words[@]}" || { say "it cannot be made"; exit 1; }
mv "$second/tree/out/release/$version" "$work/second"

# same: every file of the one is in the other, with the same bytes.
same() {
    diff <(cd "$work/first" && sha256sum -- *) <(cd "$work/second" && sha256sum -- *)
    # A mode says who may read what was downloaded.
    diff <(cd "$work/first" && stat -c '%a %n' -- *) <(cd "$work/second" && stat -c '%a %n' -- *)
}
here=$work/first base=assay-$version-linux-$arch
case $arch in x86_64) go=amd64 ;; *) go=arm64 ;; esac
check "two releases are the same, byte for byte" same
sums() { cd "$here" && sha256sum --check --quiet SHA256SUMS; }
check "SHA256SUMS holds" sums
if [[ -e $root/out/release/$version/$base.intoto.json ]] && grep -q "\"$commit\"" "$root/out/release/$version/$base.intoto.json"; then
    check "the release in out/release is the same" cmp "$root/out/release/$version/$base" "$here/$base"
fi

# in_tarball PATTERN: a member of the tarball.
members=$(tar -tzf "$here/$base.tar.gz")
in_tarball() { grep -q "^$base/$1\$" <<<"$members" || { echo "$base.tar.gz has no $1"; return 1; }; }
for part in assay LICENSE NOTICE README.md CHANGELOG.md 'man/man1/assay\.1' completions/assay.bash completions/_assay completions/assay.fish \
    Scenarios/accept.yaml schema/report.schema.json; do
    check "the tarball has $part" in_tarball "$part"
done
if command -v lintian >/dev/null; then
    check "lintian, with overrides for what is static" lintian --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs \
        "$here/assay_$version-1_$go.deb" "$here/assay-images_$version-1_all.deb"
else
    broken "lintian" "it is not installed"
fi
native=$here/$base
[[ $arch == "$(uname -m)" ]] || native=$second/tree/.build/release/assay
check "the image is $go, to assay itself" "$native" artifact "$here/assay-$version-oci.tar" --platform "linux/$go"
# named: SBOM and provenance name the compiler that the program names.
named() {
    local compiler
    compiler=$(strings -a "$here/$base" | awk '/^Swift version/ && !seen { print; seen = 1 }')
    echo "the program is of $compiler"
    jq -e --arg said "$compiler" 'any(.packages[]; .name == "swiftc" and .comment == $said)' "$here/$base.spdx.json" >/dev/null &&
        jq -e --arg said "$compiler" 'any(.metadata.tools.components[]; .name == "swiftc" and .description == $said)' "$here/$base.cdx.json" >/dev/null &&
        jq -e --arg said "$compiler" '.predicate.buildDefinition.internalParameters.compiler == $said' "$here/$base.intoto.json" >/dev/null
}
check "SBOM and provenance name the compiler that the program was made with" named
if command -v mandoc >/dev/null; then
    pages() {
        mkdir "$work/pages" && tar -xzf "$here/$base.tar.gz" -C "$work/pages"
        mapfile -t found < <(find "$work/pages" -path '*/man/*' -type f)
        ((${#found[@]} > 0)) && mandoc -T lint -W warning "${found[@]}"
    }
    check "every manual page, to mandoc" pages
else
    broken "manual pages" "there is no mandoc here"
fi

readers=$root/out/release/readers
if [[ ! -e $readers/.complete ]]; then
    rm -rf "$readers"
    if python3 -m venv "$readers" && "$readers/bin/pip" install -q spdx-tools==0.8.5 'cyclonedx-python-lib[json-validation]==11.12.0' \
        in-toto-attestation==0.9.3; then touch "$readers/.complete"; fi
fi
if [[ -e $readers/.complete ]]; then
    check "SPDX 2.3, to spdx-tools" "$readers/bin/pyspdxtools" --infile "$here/$base.spdx.json"
    check "CycloneDX 1.5, to its strict schema" "$readers/bin/python" "$parts/read.py" cyclonedx "$here/$base.cdx.json"
    check "in-toto's statement, to in-toto-attestation, and each subject's digest" "$readers/bin/python" "$parts/read.py" statement "$here/$base.intoto.json" "$here"
else
    broken "SBOM and provenance" "PyPI's spdx-tools, cyclonedx-python-lib and in-toto-attestation are not to be had"
fi

# signed: the documented commands, with a key of the moment.
signed() {
    cp -r "$here" "$work/signed" && cd "$work/signed" || return
    ssh-keygen -q -t ed25519 -N '' -C releaser -f "$work/key"
    ssh-keygen -q -Y sign -f "$work/key" -n assay-release SHA256SUMS
    printf 'releaser %s\n' "$(cat "$work/key.pub")" >"$work/allowed"
    ssh-keygen -q -Y verify -f "$work/allowed" -I releaser -n assay-release -s SHA256SUMS.sig <SHA256SUMS
    echo >>SHA256SUMS
    ! ssh-keygen -q -Y verify -f "$work/allowed" -I releaser -n assay-release -s SHA256SUMS.sig <SHA256SUMS
}
if command -v ssh-keygen >/dev/null; then
    check "a signature by the documented command holds, and only for these bytes" signed
else
    broken "signing" "there is no ssh-keygen here"
fi
finish "release"
