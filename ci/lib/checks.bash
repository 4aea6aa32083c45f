# Sourced by the nightly's suites: named checks, printed one by one, and a summary that decides the exit status.
passed=0 failed=() broken=()

# check NAME COMMAND...: passes if the command succeeds, else prints its output.
check() {
    local name=$1 said status
    shift
    # Not as a condition: there bash ignores `set -e`.
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

# broken NAME REASON...: notes a check that could not be made, which is not a pass.
broken() {
    broken+=("$1")
    printf 'BROKEN  %s: %s\n' "$1" "${*:2}"
}

# finish TITLE: prints the summary; exits with 1 if a check failed, with 2 if one could not be made.
finish() {
    printf '%s: %d passed, %d failed, %d broken\n' "$1" "$passed" "${#failed[@]}" "${#broken[@]}"
    ((${#failed[@]} == 0)) || exit 1
    ((${#broken[@]} == 0)) || exit 2
    ((passed > 0)) || { echo "$1: nothing was checked"; exit 2; }
}
