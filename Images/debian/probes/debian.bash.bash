# proves: bash controls jobs in process groups, waits for any, captures by process substitution and coprocesses, traps signals
# stands for: entrypoints and build scripts in bash lose children, hang, or get wrong statuses
# source:
. /usr/libexec/assay/probe.sh
set -m
sleep 30 &
job=$!
expect "running jobs" "$(jobs -r | wc -l)" 1
read -r _ _ _ _ group _ <"/proc/$job/stat"
expect "group of the job" "$group" "$job"
kill -STOP %1
for _ in {1..50}; do [[ $(jobs -s) ]] && break; sleep 0.02; done
expect "stopped jobs" "$(jobs -s | wc -l)" 1
kill -CONT %1
kill -TERM %1
wait $job
expect "status of the terminated job" $? 143
set +m
(sleep 0.05; exit 3) & first=$!
(sleep 0.4; exit 4) &
wait -n -p which
status=$?
expect "the first to end" "$status $which" "3 $first"
wait
expect "process substitution" "$(paste -d+ <(seq 1 3) <(seq 4 6) | tr '\n' ' ')" "1+4 2+5 3+6 "
coproc BC { while read -r a b; do echo $((a * b)); done; }
echo "6 7" >&"${BC[1]}"
read -r product <&"${BC[0]}"
expect "coprocess" "$product" 42
exec {BC[1]}>&-
declare -A map=([one]=1 [two]=2)
list=(a "b c" d)
expect "arrays" "${map[two]} ${#list[@]} ${list[1]@Q}" "2 3 'b c'"
set -o pipefail
false | cat | true
expect "PIPESTATUS" "${PIPESTATUS[*]}" "1 0 0"
got=
trap 'got+=" usr1"' USR1
for _ in 1 2 3; do kill -USR1 $$; done
expect "three signals" "$got" " usr1 usr1 usr1"
[[ 2024-02-29 =~ ^([0-9]+)-([0-9]+) ]]
expect "regular expression" "${BASH_REMATCH[2]}" 02
expect "arithmetic" "$((2 ** 62 + (-7 / 2) % 5))" 4611686018427387901
expect "a subshell's own pid" "$( ([[ $BASHPID != "$$" ]] && echo yes))" yes
finish
