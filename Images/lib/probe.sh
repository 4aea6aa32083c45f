# What shell probes share; they begin with ". /usr/libexec/assay/probe.sh" and end with finish (Images/core/README.md, "Programs").

# One line of at most 200 bytes: what the result stream can show.
one_line() { printf '%s' "$1" | tr '\n' '|' | cut -c1-200; }

# The nonce backwards, by the shell alone.
answer() {
    rest=$ASSAY_NONCE backwards=
    while [ -n "$rest" ]; do
        backwards="${rest%"${rest#?}"}$backwards"
        rest=${rest#?}
    done
    printf 'done: %s\n' "$backwards"
}

# fail EXPECTED SEEN
fail() {
    printf 'expected: %s\nseen: %s\n' "$(one_line "$1")" "$(one_line "$2")"
    answer
    exit 1
}

# expect WHAT SEEN EXPECTED
expect() { [ "$2" = "$3" ] || fail "$1 = '$3'" "'$2'"; }

note() { printf 'note: %s\n' "$(one_line "$1")"; }

skip() {
    printf 'skip: %s\n' "$(one_line "$1")"
    answer
    exit 0
}

finish() {
    answer
    exit 0
}
