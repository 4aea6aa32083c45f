# proves: descriptors up to 9 are opened, duplicated, closed, and inherited by subshells; appending never overwrites
# stands for: configure and libtool scripts write to the wrong file
# source:
. /usr/libexec/assay/probe.sh
exec 3>three 4>&3
echo a >&3
(echo b >&4; exec 4>&-; echo c >&3)
echo d >&4
exec 3>&- 4>&-
expect "one file through two descriptors" "$(tr '\n' ' ' <three)" "a b c d "
(echo x >&3) 2>/dev/null && fail "writing to a closed descriptor fails" "status 0"
exec 5<three
read -r first <&5
(read -r second <&5; echo "$second" >second)
read -r third <&5
expect "a shared offset" "$first $(cat second) $third" "a b c"
exec 9<>both
echo 0123456789 >&9
exec 9<&-
printf AB | dd of=both bs=1 seek=4 conv=notrunc 2>/dev/null
expect "read and write" "$(cat both)" 0123AB6789
for n in 1 2 3 4 5 6 7 8; do (for m in 1 2 3 4 5; do echo "$n$m"; done >>log) & done
wait
expect "40 lines appended by 8 processes" "$(sort -u log | wc -l | tr -d ' ')" 40
set -C
(echo no >three) 2>/dev/null && fail "noclobber refuses" "status 0"
finish
