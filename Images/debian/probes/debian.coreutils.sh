# proves: checksums, factors, encodings, dates and large numbers of coreutils are the published ones
# stands for: checksum verification fails, or passes wrongly, in emulated builds
# source:
. /usr/libexec/assay/probe.sh
first() { echo "${1%% *}"; }
expect "SHA-512(abc)" "$(first "$(printf abc | sha512sum)")" ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
expect "BLAKE2b(abc)" "$(first "$(printf abc | b2sum -l 512)" | cut -c1-32)" ba80a53f981c4d0d6a2797b69f12f6e9
expect "SM3(abc)" "$(printf abc | cksum -a sm3 --untagged | cut -d' ' -f1)" 66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0
expect "POSIX CRC(123456789)" "$(printf 123456789 | cksum)" "930766865 9"
expect "MD5 of a million a" "$(first "$(head -c 1000000 /dev/zero | tr '\0' a | md5sum)")" 7707d6ae4e027c70eea2a935c2296f21
expect "factors of 2^64 - 1" "$(factor 18446744073709551615)" "18446744073709551615: 3 5 17 257 641 65537 6700417"
expect "factors of 2^67 - 1" "$(factor 147573952589676412927)" "147573952589676412927: 193707721 761838257287"
expect "base32, base64" "$(printf foobar | base32) $(printf foobar | base64)" "MZXW6YTBOI====== Zm9vYmFy"
expect "od of doubles" "$(printf '\000\000\000\000\000\000\370\077' | od -An -tf8 | tr -d ' ')" 1.5
expect "numfmt" "$(numfmt --to=iec 1073741824) $(numfmt --from=si 5K)" "1.0G 5000"
expect "date" "$(date -u -d '2106-02-07 06:28:16' +%s) $(date -u -d '2024-02-28 + 1 day' +%F)" "4294967296 2024-02-29"
expect "expr" "$(expr 9223372036854775807 - 1) $(expr length hello) $(expr abcdef : 'abc\(.*\)')" "9223372036854775806 5 def"
expect "split and cat" "$(seq 1 20000 >all; split -n 7 all part.; cat part.* | cmp - all && ls part.* | wc -l)" 7
expect "timeout and nice" "$(timeout 0.2 sleep 9; echo $?) $(nice -n 5 nice)" "124 5"
finish
