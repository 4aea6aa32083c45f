# proves: files beyond 4 GiB are made sparse, written and read at 64-bit offsets, and report their size
# stands for: large layers and disk images are cut at 2 or 4 GiB
# source:
. /usr/libexec/assay/probe.sh
printf 'marker' | dd of=big bs=1 seek=5368709120 2>/dev/null || fail "a write at 5 GiB succeeds" "dd exit status $?"
expect "size" "$(stat -c %s big)" 5368709126
[ "$(stat -c %b big)" -lt 2048 ] || fail "fewer than 2048 blocks (sparse)" "$(stat -c %b big)"
expect "bytes at 5 GiB" "$(dd if=big bs=1 skip=5368709120 count=6 2>/dev/null)" marker
expect "the end" "$(tail -c 3 big)" ker
truncate -s 4294967297 big
expect "size after truncation" "$(stat -c %s big)" 4294967297
finish
