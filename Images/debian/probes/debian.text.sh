# proves: sort, awk, sed, grep, tr and comm order and match by locale: bytes in C, code points in C.UTF-8
# stands for: generated files and checks of package lists differ between emulated and native builds
# source:
. /usr/libexec/assay/probe.sh
printf 'b\nB\na\nä\nA\n10\n9\n' >words
expect "byte order" "$(LC_ALL=C sort words | tr '\n' ' ')" "10 9 A B a b ä "
expect "numbers first" "$(LC_ALL=C sort -n words | tail -n 2 | tr '\n' ' ')" "9 10 "
expect "versions" "$(printf 'v1.10\nv1.9\nv1.2~rc1\nv1.2\n' | sort -V | tr '\n' ' ')" "v1.2~rc1 v1.2 v1.9 v1.10 "
expect "characters" "$(printf 'äöü€' | LC_ALL=C.UTF-8 wc -m)" 4
expect "a dot matches one character" "$(printf 'ä\n' | LC_ALL=C.UTF-8 grep -c '^.$')" 1
expect "in C it is two bytes" "$(printf 'ä\n' | LC_ALL=C grep -c -a '^..$')" 1
expect "upper case by sed" "$(printf 'straße ä\n' | LC_ALL=C.UTF-8 sed 's/ä/\U&/')" "straße Ä"
expect "Perl's patterns" "$(printf 'key=42;x=7\n' | grep -oP 'x=\K\d+')" 7
expect "awk" "$(seq 1 1000 | awk '{ s += $1 * $1; h[$1 % 7]++ } END { printf "%d %d %.10g", s, h[3], s / 7 }')" "333833500 143 47690500"
expect "join" "$(printf '1 a\n2 b\n' >l; printf '1 x\n3 y\n' >r; join -a 1 l r | tr '\n' ';')" "1 a x;2 b;"
expect "comm" "$(seq 1 5 >p; seq 3 7 >q; comm -12 p q | tr '\n' ' ')" "3 4 5 "
expect "a large sort" "$(seq 1 60000 | sort -R --random-source=/usr/bin/dpkg 2>/dev/null | sort -n --parallel=2 -S 300K | sha256sum)" "$(seq 1 60000 | sha256sum)"
expect "diff and patch of lines" "$(printf 'a\nb\nc\n' >one; printf 'a\nB\nc\n' >two; diff one two | tr '\n' ';')" "2c2;< b;---;> B;"
finish
