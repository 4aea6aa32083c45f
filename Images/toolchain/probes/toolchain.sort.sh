# proves: qsort of the C library and a heap sort just compiled agree on 20,000 numbers
# stands for: library code that a compiler's output calls misbehaves
# source:
. /usr/libexec/assay/probe.sh
tcc -o sort /usr/share/assay/corpus/sort.c || fail "tcc compiles" "exit status $?"
expect "last number, and differences" "$(./sort)" "1453904673
0"
finish
