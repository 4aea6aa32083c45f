# proves: #! scripts run with their option, also through env, and one script's interpreter cannot be hidden by PATH
# stands for: package scripts and tool wrappers fail with "exec format error" or "not found"
# source: https://github.com/docker/buildx/issues/499
. /usr/libexec/assay/probe.sh
printf '#!/bin/sh -e\nprintf "%%s|" "$-" "$0" "$@"; false; echo "not stopped"\n' >stop
printf '#!/bin/env sh\necho "env: $1"\n' >through-env
printf '#!/bin/awk -f\nBEGIN { print ARGC, ARGV[1] }\n' >by-awk
printf '#!/no/such/interpreter\n' >lost
printf 'echo "plain: $1"\n' >plain
chmod +x stop through-env by-awk lost plain
expect "option and arguments" "$(./stop 'a b' '' c)" "e|./stop|a b||c|"
expect "through env" "$(./through-env x)" "env: x"
expect "another interpreter" "$(./by-awk y)" "2 y"
expect "without #! the shell itself reads it" "$(./plain z)" "plain: z"
./lost 2>/dev/null
expect "status of a missing interpreter" $? 127
: >not-executable
./not-executable 2>/dev/null
expect "status of what is not executable" $? 126
finish
