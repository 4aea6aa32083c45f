# proves: 30 programs executed one after the other and 20 at once all end with their own exit status
# stands for: make and configure fail now and then: lost children, wrong statuses, hangs
# source: https://github.com/docker/setup-qemu-action/issues/188
. /usr/libexec/assay/probe.sh
n=0
while [ $n -lt 30 ]; do
    /bin/busybox sh -c "exit $n"
    status=$?
    [ $status = $n ] || fail "exit status $n" "$status"
    n=$((n + 1))
done
pids=
n=0
while [ $n -lt 20 ]; do
    (exec /bin/busybox sh -c "exit $((100 + n))") &
    pids="$pids $!"
    n=$((n + 1))
done
n=0
for pid in $pids; do
    wait "$pid"
    status=$?
    [ $status = $((100 + n)) ] || fail "background exit status $((100 + n))" "$status"
    n=$((n + 1))
done
expect "xargs in parallel" "$(seq 1 24 | xargs -P 4 -n 2 expr 1 + 2>/dev/null | wc -l | tr -d ' ') $(seq 1 30 | xargs -n 7 echo | wc -l | tr -d ' ')" "0 5"
finish
