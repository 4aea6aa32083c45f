# proves: apt reads a repository, verifies its checksums, resolves dependencies and refuses a damaged package
# stands for: apt-get update and install hang, crash, or report hash mismatches
# source: https://github.com/docker/buildx/issues/452
. /usr/libexec/assay/probe.sh
mkdir -p repo state/lists/partial cache/archives/partial
for name in base tool; do
    mkdir -p "$name/DEBIAN"
    printf 'Package: %s\nVersion: 1.2\nArchitecture: all\nMaintainer: Assay <assay@assay.test>\nDescription: test\n' $name >"$name/DEBIAN/control"
    [ $name = base ] || echo "Depends: base (>= 1.0)" >>"$name/DEBIAN/control"
    dpkg-deb --root-owner-group --build $name "repo/$name.deb" >/dev/null || fail "dpkg-deb builds" "exit status $?"
    { dpkg-deb --field "repo/$name.deb"; printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n\n' $name "$(stat -c %s "repo/$name.deb")" "$(sha256sum <"repo/$name.deb" | cut -d' ' -f1)"; } >>repo/Packages
done
xz -k repo/Packages
printf 'Date: %s\nSHA256:\n' "$(date -Ru)" >repo/Release
for file in Packages Packages.xz; do printf ' %s %s %s\n' "$(sha256sum <repo/$file | cut -d' ' -f1)" "$(stat -c %s repo/$file)" $file >>repo/Release; done
: >status
echo "deb [trusted=yes] file:$PWD/repo ./" >sources
set -- -qq -o Dir::State="$PWD/state" -o Dir::State::status="$PWD/status" -o Dir::Cache="$PWD/cache" -o Dir::Etc::sourcelist="$PWD/sources" \
    -o Dir::Etc::sourceparts=- -o APT::Sandbox::User=root -o Dir::Log="$PWD" -o Debug::NoLocking=1
apt-get "$@" update >out 2>&1 || fail "apt-get update exits with 0" "$(tail -n 1 out)"
expect "candidate" "$(apt-cache "$@" policy tool | sed -n 's/.*Candidate: //p')" 1.2
expect "what would be installed, in order" "$(apt-get "$@" -s install tool 2>&1 | awk '$1 == "Conf" { print $2 }' | tr '\n' ' ')" "base tool "
apt-get "$@" download tool >out 2>&1 || fail "apt-get download exits with 0" "$(tail -n 1 out)"
printf x >>repo/Packages.xz
printf '\n' >>repo/Packages
rm -rf state/lists/*; mkdir -p state/lists/partial
apt-get "$@" update >out 2>&1 && fail "an index with a wrong checksum is refused" "exit status 0"
finish
