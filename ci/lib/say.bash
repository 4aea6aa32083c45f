# Sourced by the scripts of ci, before they change the directory.

said_by=$(realpath "$0")
said_by=ci/${said_by##*/ci/}

# say WORDS...: what is being done, or is wrong, on standard error, under the script's own name.
say() { printf '%s: %s\n' "$said_by" "$*" >&2; }
