# proves: dpkg-deb builds packages, dpkg unpacks and configures them with scripts and triggers, upgrades and removes them
# stands for: apt-get install fails in emulated builds: dpkg-split not found, maintainer scripts with exec format error
# source: https://github.com/docker/buildx/issues/499
. /usr/libexec/assay/probe.sh
make() { # make NAME VERSION: a package with scripts
    mkdir -p "$1-$2/DEBIAN" "$1-$2/usr/share/$1"
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Assay <assay@assay.test>\nDescription: test\n' "$1" "$2" >"$1-$2/DEBIAN/control"
    seq 1 "${2}000" >"$1-$2/usr/share/$1/numbers"
    printf '#!/bin/sh\nset -e\necho "%s %s $*" >>"$DPKG_ROOT/log"\n' "$1" postinst >"$1-$2/DEBIAN/postinst"
    printf '#!/bin/sh\nset -e\necho "%s %s $*" >>"$DPKG_ROOT/log"\n' "$1" prerm >"$1-$2/DEBIAN/prerm"
    printf 'interest-noawait /usr/share/watched\n' >"$1-$2/DEBIAN/triggers"
    chmod 755 "$1-$2/DEBIAN/postinst" "$1-$2/DEBIAN/prerm"
    dpkg-deb --root-owner-group --build "$1-$2" "$1-$2.deb" >/dev/null || fail "dpkg-deb builds" "exit status $?"
}
installer() { dpkg --root="$PWD/root" --force-script-chrootless --force-not-root --force-unsafe-io --log=/dev/null "$@" >out 2>err || fail "dpkg $1 exits with 0" "exit status $?: $(tail -n 1 err)"; }
mkdir -p root/var/lib/dpkg/info root/var/lib/dpkg/updates root/var/lib/dpkg/triggers root/usr/share/watched
: >root/var/lib/dpkg/status
make watcher 1
make subject 1
make subject 2
expect "fields" "$(dpkg-deb --field subject-2.deb Package Version | tr '\n' ' ')" "Package: subject Version: 2 "
installer --install watcher-1.deb subject-1.deb
expect "status" "$(dpkg-query --admindir=root/var/lib/dpkg -W -f '${db:Status-Status} ${Version};')" "installed 1;installed 1;"
installer --unpack subject-2.deb
expect "status before configure" "$(dpkg-query --admindir=root/var/lib/dpkg -W -f '${db:Status-Status}' subject)" unpacked
installer --configure subject
expect "lines of the new version" "$(wc -l <root/usr/share/subject/numbers)" 2000
expect "listed files verified" "$(dpkg --root="$PWD/root" --verify subject 2>&1)" ""
installer --remove subject
expect "what ran" "$(tr '\n' ';' <root/log)" \
    "watcher postinst configure ;subject postinst configure ;subject prerm upgrade 2;subject postinst configure 1;subject prerm remove;"
[ ! -e root/usr/share/subject ] || fail "its files are gone" "they are there"
finish
