# proves: ldconfig builds the cache of a real system 30 times without crashing, with the same libraries each time
# stands for: "qemu: uncaught target signal 11": libc-bin's trigger fails, dpkg exits with 139, apt-get install breaks
# source: https://github.com/tonistiigi/binfmt/issues/215
. /usr/libexec/assay/probe.sh
n=1
while [ $n -le 30 ]; do
    /sbin/ldconfig -i -X -C cache
    status=$?
    [ $status = 0 ] || fail "ldconfig exits with 0" "run $n: exit status $status"
    n=$((n + 1))
done
/sbin/ldconfig -p -C cache >list
for library in libc.so.6 libz.so.1 libapt-pkg.so.6.0; do
    grep -q "^	$library (" list || fail "the cache has $library" "$(head -n 1 list)"
done
[ "$(uname -m)" != aarch64 ] || grep -q 'libc.so.6 (libc6,AArch64)' list || fail "AArch64 libraries" "$(grep libc.so.6 list)"
finish
