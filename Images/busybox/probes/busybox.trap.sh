# proves: trapped signals run their command and interrupt wait; others end a child with 128 plus their number
# stands for: containers that ignore SIGTERM, entrypoints whose clean-up does not run, wedged builds
# source:
. /usr/libexec/assay/probe.sh
got=
trap 'got="$got usr1"' USR1
kill -USR1 $$
expect "trap at once" "$got" " usr1"
# Again and again: on a busy host the first may come before there is a wait.
(while :; do usleep 50000; kill -USR1 $$; done) &
poker=$!
sleep 30 &
sleeper=$!
wait $sleeper
expect "wait interrupted by SIGUSR1" $? 138
trap '' USR1
case $got in " usr1 usr1"*) ;; *) fail "trap during wait" "$got" ;; esac
kill -KILL $poker
wait $poker
for signal in HUP:129 INT:130 KILL:137 TERM:143; do
    sh -c "kill -${signal%:*} \$\$; sleep 30"
    expect "status after SIG${signal%:*}" $? "${signal#*:}"
done
kill -TERM $sleeper
wait $sleeper
expect "status of a terminated job" $? 143
expect "trap on exit" "$(sh -c 'trap "echo bye" EXIT; exit 4'; echo $?)" "bye
4"
expect "an ignored signal stays ignored in children" "$(trap '' TERM; sh -c 'kill -TERM $$; echo alive')" alive
expect "timeout" "$(timeout 0.1 sleep 30; echo $?)" 143
finish
