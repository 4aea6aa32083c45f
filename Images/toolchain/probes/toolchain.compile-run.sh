# proves: a compiler of this machine compiles, assembles and links a C program, which runs with its arguments and exit status
# stands for: RUN steps that compile fail or crash at random places
# source: https://github.com/docker/setup-qemu-action/issues/188
. /usr/libexec/assay/probe.sh
expect "status of tcc" "$(tcc -o hello /usr/share/assay/corpus/hello.c 2>&1; echo $?)" 0
expect "output" "$(./hello nonce "$ASSAY_NONCE")" "hello, nonce $ASSAY_NONCE"
./hello a b c d >/dev/null
expect "exit status" $? 4
finish
