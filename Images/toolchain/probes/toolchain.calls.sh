# proves: 20 arguments, structures by value, variadic calls and deep recursion follow the procedure call standard
# stands for: programs compiled in the emulated build crash, or are handed wrong arguments
# source:
. /usr/libexec/assay/probe.sh
tcc -o calls /usr/share/assay/corpus/calls.c || fail "tcc compiles" "exit status $?"
expect "output" "$(./calls)" "210
4 3 -2.5 1.5 3 2
21.9844
144 21"
finish
