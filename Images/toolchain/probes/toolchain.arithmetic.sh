# proves: a freshly compiled program divides, multiplies, shifts and converts as C and IEEE 754 demand
# stands for: values computed in emulated builds (tables, hashes, constants) are wrong in the image
# source: https://github.com/golang/go/issues/29657
. /usr/libexec/assay/probe.sh
tcc -o arithmetic /usr/share/assay/corpus/arithmetic.c || fail "tcc compiles" "exit status $?"
expect "output" "$(./arithmetic)" "-3 -1
e220a8397b1dcdaf
8000000000000000 -1
0.33333333333333331 0.99999999999999989
-56 255
4294967295 0
9007199254740992 -2"
finish
