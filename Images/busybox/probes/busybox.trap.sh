# proves: trapped signals run their command and interrupt wait; others end a child with 128 plus their number
# stands for: containers that ignore SIGTERM, entrypoints whose clean-up does not run, wedged builds
# source:
. /usr/libexec/assay/probe.sh
got=
trap 'got="$got usr1"' USR1
kill -USR1 $$
expect "trap at once" "$got" " usr1"
(usleep 50000; kill -USR1 $$) &
sleep 5 &
sleeper=$!
wait $sleeper
expect "wait interrupted by SIGUSR1" $? 138
expect "trap during wait" "$got" " usr1 usr1"
for signal in HUP:129 INT:130 KILL:137 TERM:143; do
    sh -c "kill -${signal%:*} \$\$; sleep 5"
    expect "status after SIG${signal%:*}" $? "${signal#*:}"
done
kill -TERM $sleeper
wait $sleeper
expect "status of a terminated job" $? 143
expect "trap on exit" "$(sh -c 'trap "echo bye" EXIT; exit 4'; echo $?)" "bye
4"
expect "an ignored signal stays ignored in children" "$(trap '' TERM; sh -c 'kill -TERM $$; echo alive')" alive
expect "timeout" "$(timeout 0.1 sleep 5; echo $?)" 143
finish
