# Sourced by the scripts of ci before they change the directory.

said_by=$(realpath "$0")
said_by=ci/${said_by##*/ci/}

# say WORDS...: prints a message on standard error, with the script's name.
say() { printf '%s: %s\n' "$said_by" "$*" >&2; }
