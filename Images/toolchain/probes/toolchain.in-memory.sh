# proves: code that the compiler writes into memory runs there at once (tcc -run), as just-in-time compilers do
# stands for: Node, Java and .NET crash with SIGILL or SIGSEGV: stale instructions after code was written
# source: https://github.com/docker/setup-qemu-action/issues/188
. /usr/libexec/assay/probe.sh
expect "output" "$(tcc -run /usr/share/assay/corpus/hello.c one "$ASSAY_NONCE" 2>&1)" "hello, one $ASSAY_NONCE"
expect "sha256 in memory" "$(printf abc | tcc -run /usr/share/assay/corpus/sha256.c)" ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
finish
