# proves: GNU tar keeps long names, modes, times, hard and symbolic links and sparse files, in its own, ustar and pax formats
# stands for: layers and source tarballs come out incomplete or changed
# source:
. /usr/libexec/assay/probe.sh
long=$(printf '%0180d' 5)
mkdir -p tree/sub/$long
seq 1 50000 >tree/numbers
printf x >"tree/sub/$long/ä"
truncate -s 40M tree/sparse
printf end >>tree/sparse
ln tree/numbers tree/hard
ln -s ../numbers tree/sub/link
chmod 2750 tree/sub
chmod 0604 tree/numbers
touch -d '2001-02-03 04:05:06.123456789' tree/numbers
list() { (cd "$1" && find . -printf '%p %m %y %n %l\n' | sort && sha256sum numbers sparse hard sub/$long/ä && stat -c %Y numbers); }
list tree >before
for format in gnu pax; do
    tar --format=$format --sparse -cf $format.tar tree || fail "tar --format=$format exits with 0" "exit status $?"
    [ "$(stat -c %s $format.tar)" -lt 4000000 ] || fail "the hole is not stored ($format)" "$(stat -c %s $format.tar) bytes"
    mkdir $format
    tar -xpf $format.tar -C $format
    list $format/tree >after
    cmp -s before after || fail "$format: $(diff before after | grep '^<' | head -n 1)" "$(diff before after | grep '^>' | head -n 1)"
done
expect "nanoseconds in pax" "$(stat -c %y pax/tree/numbers | cut -d' ' -f2)" 04:05:06.123456789
tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=0644 -cf - -C tree numbers | sha256sum >first
tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=0644 -cf - -C tree numbers | sha256sum >second
cmp -s first second || fail "the same archive twice" "$(cat second)"
expect "difference to the tree" "$(tar -df pax.tar 2>&1)" ""
finish
