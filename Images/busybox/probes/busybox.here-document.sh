# proves: here-documents expand, quote and nest, also where they are larger than a pipe's 64 KiB
# stands for: RUN steps with heredocs and generated configuration files are cut off or hang
# source:
. /usr/libexec/assay/probe.sh
value=6
expect "expanded" "$(
    cat <<END
$value times $((value + 1)) is $(expr $value '*' 7) \$value
END
)" '6 times 7 is 42 $value'
expect "quoted" "$(
    cat <<'END'
$value $(no) `no`
END
)" '$value $(no) `no`'
expect "tabs removed" "$(printf 'cat <<-END\n\t\tx\n\tEND\n' | sh)" x
large=$(seq 1 30000)
expect "168,893 bytes" "$(
    wc -c <<END | tr -d ' '
$large
END
)" 168894
expect "two at once" "$(
    cat <<A - <<B
first
A
second
B
)" second
finish
