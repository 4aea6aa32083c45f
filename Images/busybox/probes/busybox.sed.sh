# proves: regular expressions match, group, refer back and substitute on a text of 2,000 lines, also in place
# stands for: patched sources and generated configuration differ from what hardware makes
# source:
. /usr/libexec/assay/probe.sh
expect "groups" "$(echo 2024-02-29 | sed -E 's/([0-9]+)-([0-9]+)-([0-9]+)/\3.\2.\1/')" 29.02.2024
expect "back reference" "$(printf 'abab\nabba\n' | sed -n '/^\(..\)\1$/p')" abab
expect "longest match" "$(echo xaaay | sed 's/a*a/<&>/')" "x<aaa>y"
expect "third match" "$(echo a.a.a.a | sed 's/a/b/3')" a.a.b.a
expect "a loop" "$(echo 1234567 | sed ':a;s/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/;ta')" 1,234,567
expect "joining lines" "$(seq 1 6 | sed -n 'H;${x;s/\n/,/g;s/^,//;p;}')" 1,2,3,4,5,6
seq 1 2000 >text
sed -i -e '/[13579]$/d' -e 's/0$/zero/' text
expect "lines left, and the last" "$(wc -l <text | tr -d ' ') $(tail -n 1 text)" "1000 200zero"
expect "grep -E" "$(grep -E -c '^(1|2)+(2|4|zero)$' text)" 30
finish
