# proves: MD5, SHA-1, SHA-2, SHA-3, CRC-32 and base64 give the published values, also for a million bytes
# stands for: checksums of downloads and layers do not match
# source: https://github.com/docker/buildx/issues/452
. /usr/libexec/assay/probe.sh
first() { echo "${1%% *}"; }
expect "MD5(abc)" "$(first "$(printf abc | md5sum)")" 900150983cd24fb0d6963f7d28e17f72
expect "SHA-1(abc)" "$(first "$(printf abc | sha1sum)")" a9993e364706816aba3e25717850c26c9cd0d89d
expect "SHA-256(abc)" "$(first "$(printf abc | sha256sum)")" ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
expect "SHA-512(abc)" "$(first "$(printf abc | sha512sum)" | cut -c1-64)" ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a
expect "SHA3-256(abc)" "$(first "$(printf abc | sha3sum -a 256)")" 3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532
expect "SHA-256 of a million a" "$(first "$(head -c 1000000 /dev/zero | tr '\0' a | sha256sum)")" cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0
expect "SHA-1 of a million a" "$(first "$(head -c 1000000 /dev/zero | tr '\0' a | sha1sum)")" 34aa973cd4c4daa4f61eeb2bdbad27316534016f
expect "CRC-32(123456789)" "$(printf 123456789 | crc32 | tr 'A-F' 'a-f')" cbf43926
expect "CRC-32 in a gzip trailer" "$(printf 123456789 | gzip -n 2>/dev/null | tail -c 8 | od -An -tx4 | tr -s ' ' | tr -d '\n')" " cbf43926 00000009"
expect "base64(foobar)" "$(printf foobar | base64) $(printf Zm9vYg== | base64 -d)" "Zm9vYmFy foob"
finish
