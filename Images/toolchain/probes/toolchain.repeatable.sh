# proves: the same sources give the same objects, byte for byte, each time
# stands for: images are not reproducible although nothing changed
# source:
. /usr/libexec/assay/probe.sh
for source in /usr/share/assay/corpus/*.c; do
    name=$(basename "$source" .c)
    mkdir -p a b
    tcc -c -o "a/$name.o" "$source" && tcc -c -o "b/$name.o" "$source" || fail "tcc compiles $name.c" "exit status $?"
    cmp "a/$name.o" "b/$name.o" >difference 2>&1 || fail "$name.o is the same twice" "$(cat difference)"
    [ -s "a/$name.o" ] || fail "$name.o has contents" "nothing"
done
expect "objects" "$(ls a | wc -l | tr -d ' ')" 5
finish
