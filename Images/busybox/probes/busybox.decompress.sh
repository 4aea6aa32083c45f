# proves: gzip, bzip2, xz and lzma streams that other programs made are unpacked to the right bytes, and damage is noticed
# stands for: base layers and source tarballs come out corrupt, or a corrupt download is not noticed
# source:
. /usr/libexec/assay/probe.sh
digest=$(seq 1 2000 | sha256sum)
expect "the text itself" "${digest%% *}" 6251e5743b6fd6a7d606130bdf7c15077ce85ebd3a0fdee284d15a46df199e38
for packed in gz bz2 xz lzma; do
    case $packed in
        gz) unpack="gunzip -c" ;;
        bz2) unpack="bunzip2 -c" ;;
        xz) unpack="unxz -c" ;;
        lzma) unpack="unlzma -c" ;;
    esac
    expect "$packed" "$($unpack </usr/libexec/assay/numbers.$packed | sha256sum)" "$digest"
    head -c 400 /usr/libexec/assay/numbers.$packed | $unpack >/dev/null 2>&1 && fail "a truncated $packed is refused" "status 0"
done
cp /usr/libexec/assay/numbers.gz damaged && chmod u+w damaged
printf 'X' | dd of=damaged bs=1 seek=1000 conv=notrunc 2>/dev/null
gunzip -c damaged >/dev/null 2>&1 && fail "a damaged gz is refused (CRC-32)" "status 0"
finish
