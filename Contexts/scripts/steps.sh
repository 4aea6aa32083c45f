#!/bin/sh
set -eu
total() { awk '{ sum += $1 } END { print sum }'; }
cat <<END
machine $(uname -m)
nonce $(printf '%s' "$ASSAY_NONCE" | rev)
sum $(seq 1 1000 | total)
arithmetic $((0x7fffffff * 3 + 7))
$(
    cat <<'LITERAL'
literal $(uname -m) $HOME
LITERAL
)
END
(exit 7) || echo "status $?"
# shellcheck disable=SC2018,SC2019
echo end | tr a-z A-Z
