# proves: pipelines carry more than a pipe holds, in order; exit statuses and SIGPIPE arrive
# stands for: build output is lost or reordered, failures in a pipeline go unnoticed
# source:
. /usr/libexec/assay/probe.sh
expect "588,895 bytes through four processes" "$(seq 1 100000 | cat | tac | tac | sha256sum)" "b2bc7d3f8b652d2ec96865b68ad8f80e22cca174abe1aed7889e242a747d590f  -"
expect "status of the last" "$(true | false; echo $?)" 1
expect "status of an earlier one" "$(false | true; echo $?)" 0
set -o pipefail
expect "pipefail" "$(sh -c 'exit 7' | cat; echo $?)" 7
set +o pipefail
(trap - PIPE; yes; echo $? >status) 2>/dev/null | head -n 1 >/dev/null
for try in $(seq 1 500); do [ -s status ] && break; usleep 20000; done
case $(cat status) in 141 | 1) ;; *) fail "yes ends by SIGPIPE (141), or by EPIPE (1)" "$(cat status)" ;; esac
mkfifo fifo
(seq 1 5 >fifo) &
expect "through a fifo" "$(cat fifo | tr '\n' ,)" 1,2,3,4,5,
wait
seq 1 20 | tee copy | sort -rn | head -n 1 >largest
expect "tee" "$(cat largest) $(wc -l <copy | tr -d ' ')" "20 20"
finish
