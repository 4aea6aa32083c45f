# proves: SHA-256 as just compiled agrees with the published vectors and with busybox's on 100,000 bytes
# stands for: checksums computed in a build step do not match
# source:
. /usr/libexec/assay/probe.sh
tcc -o sha256 /usr/share/assay/corpus/sha256.c || fail "tcc compiles" "exit status $?"
expect "SHA-256 of nothing" "$(./sha256 </dev/null)" e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
expect "SHA-256(abc)" "$(printf abc | ./sha256)" ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
expect "two blocks" "$(printf abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq | ./sha256)" \
    248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1
digest=$(seq 1 18400 | sha256sum)
expect "100,000 bytes" "$(seq 1 18400 | ./sha256)" "${digest%% *}"
finish
