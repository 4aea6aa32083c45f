# proves: tar and cpio archives hold names, modes, times, links and bytes, and give them back the same
# stands for: layers lose permissions, symbolic links or long names
# source:
. /usr/libexec/assay/probe.sh
name=$(printf '%0120d' 7)
mkdir -p tree/sub
seq 1 9000 >tree/numbers
printf '#!/bin/sh\nexit 0\n' >tree/sub/program
: >"tree/$name"
chmod 0640 tree/numbers; chmod 4755 tree/sub/program
touch -d '2001-02-03 04:05:06' tree/numbers
ln -s ../numbers tree/sub/link
ln tree/numbers tree/hard
list() { (cd "$1" && find . | sort | while read -r f; do stat -c '%n %f %s %h' "$f"; done | grep -v '^\. '; readlink sub/link; stat -c %Y numbers; sha256sum numbers hard); }
list tree | sed 's/ [0-9]* [0-9]*$/&/' >before
tar -cf archive.tar tree
expect "magic" "$(dd if=archive.tar bs=1 skip=257 count=5 2>/dev/null)" ustar
stored=$(dd if=archive.tar bs=1 skip=148 count=6 2>/dev/null)
computed=$(dd if=archive.tar bs=512 count=1 2>/dev/null | od -An -v -tu1 -w1 | awk '{ s += NR > 148 && NR <= 156 ? 32 : $1 } END { printf "%06o", s }')
expect "checksum of the first header (POSIX)" "$stored" "$computed"
mkdir out && tar -xpf archive.tar -C out
list out/tree >after
cmp -s before after || fail "tar: $(diff before after | grep '^[+-][^+-]' | head -n 1)" "$(diff before after | grep '^[+-][^+-]' | tail -n 1)"
(cd tree && find . -depth | cpio -o -H newc 2>/dev/null) >archive.cpio
mkdir -p in && (cd in && cpio -idm 2>/dev/null <../archive.cpio)
list in >after
cmp -s before after || fail "cpio: $(diff before after | grep '^[+-][^+-]' | head -n 1)" "$(diff before after | grep '^[+-][^+-]' | tail -n 1)"
tar -czf - tree | tar -tzf - | sort | tail -n 1 >last
expect "list of a compressed archive" "$(cat last)" tree/sub/program
finish
