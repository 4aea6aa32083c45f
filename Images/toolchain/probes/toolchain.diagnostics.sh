# proves: errors are reported with file and line and a status, and macros are expanded as C demands
# stands for: configure's compile tests take failures for successes
# source:
. /usr/libexec/assay/probe.sh
printf '#define PASTE(a, b) a##b\n#define TEXT(x) #x\n#if __LINE__ != 3 || !defined PASTE\n#error wrong\n#endif\nPASTE(in, t) x = TEXT(a b)[0] == 97;\n' >good.c
expect "preprocessed" "$(tcc -E -P good.c 2>&1 | tr -d '\n')" 'int x = "a b"[0] == 97;'
printf 'int main(void)\n{\n    return missing;\n}\n' >bad.c
message=$(tcc -c bad.c 2>&1)
status=$?
expect "status" $status 1
case $message in *bad.c:3:*missing*) ;; *) fail "bad.c:3: … missing" "$message" ;; esac
[ ! -e bad.o ] || fail "no object of a program with errors" "bad.o"
finish
