# Sourced by the nightly's suites: named checks, told as they are made, and a summary that decides the exit status.
passed=0 failed=() broken=()

# check NAME COMMAND...: the check passes when the command does. What the command says is shown when it does not.
check() {
    local name=$1 said status
    shift
    # Not as a condition, in which bash would go on after the first command that fails.
    set +e
    said=$(set -e; "$@" 2>&1)
    status=$?
    set -e
    if ((status == 0)); then
        passed=$((passed + 1))
        printf 'pass    %s\n' "$name"
    else
        failed+=("$name")
        printf 'FAIL    %s: %s\n' "$name" "$*"
        tail -c 4000 <<<"$said" | sed 's/^/        /'
    fi
}

# broken NAME REASON...: what could not be found out here is no pass.
broken() {
    broken+=("$1")
    printf 'BROKEN  %s: %s\n' "$1" "${*:2}"
}

# finish TITLE: the summary; 1 when a check failed, 2 when one could not be made.
finish() {
    printf '%s: %d passed, %d failed, %d broken\n' "$1" "$passed" "${#failed[@]}" "${#broken[@]}"
    ((${#failed[@]} == 0)) || exit 1
    ((${#broken[@]} == 0)) || exit 2
    ((passed > 0)) || { echo "$1: nothing was checked"; exit 2; }
}
