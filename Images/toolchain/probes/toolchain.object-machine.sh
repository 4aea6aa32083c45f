# proves: objects and executables name this machine, 64 bits and little-endian in their ELF headers
# stands for: an image labelled arm64 holds programs that a compiler of the host has made
# source: https://github.com/moby/buildkit/issues/5677
. /usr/libexec/assay/probe.sh
case $(uname -m) in
    aarch64) machine=b7 ;;
    x86_64) machine=3e ;;
    *) fail "uname -m is aarch64" "$(uname -m)" ;;
esac
bytes() { dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | od -An -tx1 | tr -d ' \n'; }
expect "status of tcc -c" "$(tcc -c -o calls.o /usr/share/assay/corpus/calls.c 2>&1; echo $?)" 0
expect "status of tcc" "$(tcc -o calls calls.o 2>&1; echo $?)" 0
expect "the object's identification" "$(bytes calls.o 0 6)" 7f454c460201
expect "the object's type and machine" "$(bytes calls.o 16 4)" "0100${machine}00"
expect "the executable's type and machine" "$(bytes calls 16 4)" "0200${machine}00"
finish
