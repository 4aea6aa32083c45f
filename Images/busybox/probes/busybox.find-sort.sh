# proves: a tree of 600 files is made, found in full, sorted by name and number, renamed and removed
# stands for: directory entries get lost or come twice, recursive copies and removals fail
# source: https://github.com/rust-lang/cargo/issues/7451
. /usr/libexec/assay/probe.sh
for directory in a b c d e f; do
    mkdir -p "tree/$directory/x/y"
    (cd "tree/$directory/x" && seq 1 100 | while read -r n; do echo "$n" >"y/$n.txt"; done)
done
expect "files" "$(find tree -type f | wc -l | tr -d ' ')" 600
expect "directories" "$(find tree -type d | wc -l | tr -d ' ')" 19
expect "distinct names" "$(find tree -name '*.txt' | sort -u | wc -l | tr -d ' ')" 600
expect "by pattern" "$(find tree/c -name '9?.txt' | sort | tail -n 1)" tree/c/x/y/99.txt
expect "sum of contents" "$(find tree -type f -exec cat {} + | awk '{ s += $1 } END { print s }')" 30300
expect "numeric order" "$(ls tree/a/x/y | sort -n | head -n 3 | tr '\n' ' ')" "1.txt 2.txt 3.txt "
expect "byte order" "$(ls tree/a/x/y | sort | head -n 3 | tr '\n' ' ')" "1.txt 10.txt 100.txt "
expect "by key, reversed, unique" "$(printf 'x 3\ny 10\nz 3\n' | sort -k2,2nr -u | tr '\n' ';')" "y 10;x 3;"
mv tree/a/x tree/moved
expect "after a rename" "$(find tree -type f | wc -l | tr -d ' ')" 600
rm -r tree
[ ! -e tree ] || fail "the tree is gone" "it is there"
finish
