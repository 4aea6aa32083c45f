# proves: RSA and Ed25519 signatures over a Release file verify, and a changed byte or an unknown key is refused
# stands for: apt-get update says "At least one invalid signature was encountered"
# source: https://github.com/docker/buildx/issues/452
. /usr/libexec/assay/probe.sh
data=/usr/share/assay/data
for kind in rsa3072 ed25519; do
    gpgv --keyring $data/keyring.gpg --status-fd 3 --output text.$kind $data/InRelease.$kind 3>status 2>err || fail "the $kind signature is good" "$(tail -n 1 err)"
    grep -q '^\[GNUPG:\] VALIDSIG ' status || fail "VALIDSIG" "$(tail -n 1 status)"
    expect "the signed text ($kind)" "$(head -n 1 text.$kind)" "Origin: Assay"
    sed 's/^Suite: test/Suite: tess/' $data/InRelease.$kind >changed
    gpgv --keyring $data/keyring.gpg --status-fd 3 changed 3>status 2>/dev/null && fail "a changed text is refused ($kind)" "exit status 0"
    grep -q '^\[GNUPG:\] BADSIG ' status || fail "BADSIG" "$(tail -n 1 status)"
done
: >empty.gpg
gpgv --keyring "$PWD/empty.gpg" $data/InRelease.ed25519 2>/dev/null && fail "an unknown key is refused" "exit status 0"
finish
