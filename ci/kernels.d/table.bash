# Sourced by ci/kernels, after ci/lib/machine.bash: what the logs say, as Markdown.

kernels_guests=(arm64 amd64 386 arm/v7 riscv64 ppc64le s390x)

# kernels_cells LOG: a line for each step of the log: NAME|STATUS VERDICT, CHECKS, SECONDS. What was not as expected says "wrong".
kernels_cells() {
    tr -d '\r' <"$1" | awk '
        function flush() { if (name != "") print name "|" cell; name = "" }
        /^WRONG / { if (name != "" && index(substr($0, 7), name ":") == 1) cell = cell " **wrong**"; next }
        /^STEP (kernel|end)/ { flush(); next }
        /^STEP / {
            flush()
            text = substr($0, 6)
            at = index(text, ": status ")
            name = substr(text, 1, at - 1)
            rest = substr(text, at + 9)
            status = rest; sub(/,.*/, "", status)
            seconds = rest; sub(/^[0-9]+, /, "", seconds); sub(/:.*/, "", seconds)
            said = match(rest, /: (FIT|UNFIT|UNDETERMINED) /) ? " " substr(rest, RSTART + 2, RLENGTH - 3) : ""
            if (said != "" && match(rest, /[0-9]+ checks/)) said = said ", " substr(rest, RSTART, RLENGTH)
            cell = status said ", " seconds
        }
        END { flush() }'
}

# kernels_of LOG: the kernel that it is of; the suite where there is no log.
kernels_of() {
    local name=
    [[ ! -f $1 ]] || name=$(tr -d '\r' <"$1" | sed -n 's/^STEP kernel //p' | head -1)
    echo "${name:-$(basename "$1" .log)}"
}

# kernels_guest LOG GUEST: the cell of a guest: verdict, probes by venue, seconds; "not run".
kernels_guest() {
    local step="accept, linux/$2" cell probes
    [[ ! -f $1 ]] || cell=$(kernels_cells "$1" | awk -F'|' -v name="$step" '$1 == name { print $2; exit }')
    [[ ${cell:-} ]] || { echo "not run"; return; }
    probes=$(tr -d '\r' <"$1" | awk -v head="PROBES $step: " 'index($0, head) == 1 { print substr($0, length(head) + 1); exit }' | tr -s ' ')
    sed -E "s/^[0-9]+ //; s/, [0-9]+ checks//; s|^([A-Z]*), ([0-9]+ s)|\1; ${probes:-no probes}; \2|" <<<"$cell"
}

# kernels_steps LOG...: a table of every step of the logs.
kernels_steps() {
    local log name cell any=
    for log; do [[ ! -f $log ]] || any=yes; done
    [[ $any ]] || { echo "Not run."; return; }
    printf '| step |'
    for log; do printf ' %s |' "$(kernels_of "$log")"; done
    printf '\n|---|'
    for log; do printf -- '---|'; done
    printf '\n'
    while read -r name; do
        printf '| %s |' "$name"
        for log; do
            cell=
            [[ ! -f $log ]] || cell=$(kernels_cells "$log" | awk -F'|' -v name="$name" '$1 == name { print $2; exit }')
            printf ' %s |' "${cell:-not run}"
        done
        printf '\n'
    done < <(for log; do [[ ! -f $log ]] || kernels_cells "$log"; done | cut -d'|' -f1 | awk '!seen[$0]++')
}

kernels_table() {
    local architecture suite log logs guest how end name
    cat <<'WORDS'
# What assay says on other kernels

Written by `ci/kernels`: Debian's kernels, each booted in a virtual machine (two processors) with busybox, version 2 of cgroups alone, and Debian's emulators: QEMU 7.2 on x86-64, 10.0 on arm64. The
machine's own guests are run natively, the others emulated. A cell has the verdict of `assay accept`, the probes that passed in each venue, and the time in the machine, which is one of QEMU's translator where "tcg" stands. What differs
from what is right (`ci/kernels.d/steps` has it) is marked, and fails the command. A cell of which no log is says "not run".

## Host, kernel, guest
WORDS
    printf '| host | kernel | machine |'
    for guest in "${kernels_guests[@]}"; do printf ' linux/%s |' "$guest"; done
    printf '\n|---|---|---|'
    for guest in "${kernels_guests[@]}"; do printf -- '---|'; done
    printf '\n'
    for architecture in x86_64 aarch64; do
        machine_open "$architecture"
        for suite in $(suites_of "$architecture") $(suites_besides "$architecture"); do
            log=$machine_work/$suite.log how=- end=
            if [[ -f $log ]]; then
                how=$(tr -d '\r' <"$log" | sed -n 's/^MACHINE //p' | head -1)
                grep -q '^STEP end' "$log" || end=" (the machine did not get to its end)"
            fi
            name=$(kernels_of "$log")
            [[ $name == "$suite" ]] || name="$suite: $name"
            printf '| %s | %s%s | %s |' "$architecture" "$name" "$end" "${how:--}"
            for guest in "${kernels_guests[@]}"; do printf ' %s |' "$(kernels_guest "$log" "$guest")"; done
            printf '\n'
        done
    done
    for architecture in x86_64 aarch64; do
        machine_open "$architecture"
        printf '\n## Steps, host %s, guest %s\n\nExit status, verdict and time of each. "rootfs" is the root that the kernel begins with, which cannot be pivoted; all other steps have a tmpfs as root.\n\n' \
            "$architecture" "linux/$machine_guest"
        logs=()
        # shellcheck disable=SC2046 # names hold no blanks
        for suite in $(suites_of "$architecture") $(suites_besides "$architecture"); do logs+=("$machine_work/$suite.log"); done
        kernels_steps "${logs[@]}"
    done
    machine_open aarch64
    logs=("$machine_work"/host-*.log)
    printf '\n## An arm64 host (`ci/arm64-host`)\n\n'
    kernels_steps "${logs[@]}"
    printf '\n## Logs\n\n| log | commit of the program | SHA-256 |\n|---|---|---|\n'
    for log in out/machines/*/*.log; do
        [[ ! -f $log ]] || printf '| %s | %s | %s |\n' "${log#out/machines/}" \
            "$(tr -d '\r' <"$log" | sed -n 's/^PROGRAM //p' | head -1 | cut -c-12)" "$(sha256sum "$log" | cut -d' ' -f1)"
    done
}
