# proves: gzip, bzip2 and xz (also with threads) compress 3 MB and give it back; checks and damage are noticed
# stands for: package archives and layers are corrupt: "xz: Compressed data is corrupt", "gzip: crc error"
# source:
. /usr/libexec/assay/probe.sh
seq 1 430000 >text
digest=$(sha256sum <text)
expect "the text" "$(wc -c <text)" 2898895
for how in "gzip -1" "gzip -9" "bzip2 -1" "xz -0" "xz -1 -T2 --block-size=500KiB --check=sha256"; do
    $how <text >packed || fail "$how exits with 0" "exit status $?"
    tool=${how%% *}
    expect "$how and back" "$($tool -dc <packed | sha256sum)" "$digest"
    head -c $(($(stat -c %s packed) - 30)) packed | $tool -dc >/dev/null 2>&1 && fail "a truncated stream is refused ($how)" "exit status 0"
done
cp packed packed.xz
expect "blocks of xz" "$(xz --robot --list packed.xz | awk '$1 == "file" { print $3 }')" 6
finish
