# proves: separately compiled objects are put in a static library and linked from it
# stands for: links fail with undefined symbols or "file format not recognized"
# source:
. /usr/libexec/assay/probe.sh
echo 'int six(void) { return 6; }' >six.c
echo 'extern int six(void); int seven(void) { return six() + 1; }' >seven.c
echo '#include <stdio.h>
extern int six(void), seven(void); int main(void) { printf("%d\n", six() * seven()); return 0; }' >main.c
tcc -c six.c && tcc -c seven.c && tcc -c main.c || fail "tcc -c compiles" "exit status $?"
tcc -ar rcs libnumbers.a six.o seven.o || fail "tcc -ar" "exit status $?"
expect "magic of the archive" "$(head -c 7 libnumbers.a)" "!<arch>"
tcc -o answer main.o libnumbers.a || fail "tcc links" "exit status $?"
expect "output" "$(./answer)" 42
finish
