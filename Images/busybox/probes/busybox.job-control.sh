# proves: background jobs have process groups of their own, are signalled as groups, and sessions are made
# stands for: entrypoint scripts cannot stop what they started; containers hang on shutdown
# source:
. /usr/libexec/assay/probe.sh
group() { awk '{ sub(/^.*\) /, ""); print $3 }' "/proc/$1/stat"; }
session() { awk '{ sub(/^.*\) /, ""); print $4 }' "/proc/$1/stat"; }
await() {
    tries=0
    until [ -s "$1" ]; do
        [ $tries -lt 500 ] || fail "$1 is written within ten seconds" "nothing"
        tries=$((tries + 1))
        usleep 20000
    done
}
[ -r /proc/self/stat ] || skip "no /proc"
setsid sh -c 'sleep 20 & sleep 20 & echo $$ >group; wait' &
job=$!
await group
leader=$(cat group)
expect "group of a session's leader" "$(group "$leader")" "$leader"
members=$(for p in /proc/[0-9]*; do [ "$(group "${p#/proc/}" 2>/dev/null)" = "$leader" ] && echo x; done | wc -l | tr -d ' ')
[ "$members" -ge 3 ] || fail "three processes in the group" "$members"
kill -TERM -"$leader"
wait $job
expect "status of a job whose group was signalled" $? 143
setsid sh -c 'echo $$ >leader; exec sleep 20' &
await leader
own=$(cat leader)
expect "session of setsid" "$(session "$own")" "$own"
[ "$own" != "$(session $$)" ] || fail "a session of its own" "$own"
kill -KILL "$own"
finish
