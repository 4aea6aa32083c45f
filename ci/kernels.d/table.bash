# Sourced by ci/kernels: what the logs say, as Markdown.

# kernels_cells LOG: a line for each step of the log: NAME|STATUS VERDICT, SECONDS.
kernels_cells() {
    tr -d '\r' <"$1" | awk '
        /^STEP (kernel|end|page)/ || !/^STEP / { next }
        {
            text = substr($0, 6)
            split(text, parts, ": status ")
            status = parts[2]; sub(/,.*/, "", status)
            seconds = parts[2]; sub(/^[0-9]+, /, "", seconds); sub(/:.*/, "", seconds)
            said = match(parts[2], /: (FIT|UNFIT|UNDETERMINED) /) ? " " substr(parts[2], RSTART + 2, RLENGTH - 3) : ""
            if (said != "" && match(parts[2], /[0-9]+ checks/)) said = said ", " substr(parts[2], RSTART, RLENGTH)
            print parts[1] "|" status said ", " seconds
        }'
}

# kernels_of LOG: the kernel that it is of; the suite where there is no log.
kernels_of() {
    if [[ -f $1 ]]; then
        tr -d '\r' <"$1" | sed -n 's/^STEP kernel //p' | head -1
    else
        basename "$1" .log
    fi
}

kernels_table() {
    local architecture suite log logs name cells
    cat <<'WORDS'
# What assay says on other kernels

Written by `ci/kernels`: Debian's kernels, each booted in a virtual machine of QEMU's translator (two processors, no KVM) with busybox, version 2 of cgroups alone, and Debian's emulator of the other
architecture: QEMU 7.2 for arm64 on x86-64, 10.0 for amd64 on arm64. Each cell has the exit status, the verdict and the time in the machine; what differs from what is right fails the command
(`ci/kernels.d/steps` has both). "rootfs" is the root that the kernel begins with, which cannot be pivoted; all other steps have a tmpfs as root. What an arm64 host does besides: `ci/arm64-host`.
WORDS
    for architecture in x86_64 aarch64; do
        machine_open "$architecture"
        printf '\n## Host %s, guest %s\n\n' "$architecture" "linux/$machine_guest"
        logs=()
        # shellcheck disable=SC2046 # names hold no blanks
        for suite in $(suites_of "$architecture"); do logs+=("$machine_work/$suite.log"); done
        printf '| step |'
        for log in "${logs[@]}"; do printf ' %s |' "$(kernels_of "$log")"; done
        printf '\n|---|'
        for log in "${logs[@]}"; do printf -- '---|'; done
        printf '\n'
        while read -r name; do
            printf '| %s |' "$name"
            for log in "${logs[@]}"; do
                cells=
                [[ ! -f $log ]] || cells=$(kernels_cells "$log" | awk -F'|' -v name="$name" '$1 == name { print $2; exit }')
                printf ' %s |' "${cells:-not run}"
            done
            printf '\n'
        done < <(for log in "${logs[@]}"; do [[ ! -f $log ]] || kernels_cells "$log"; done | cut -d'|' -f1 | awk '!seen[$0]++')
        printf '\nDigests of the logs (SHA-256, first 16):'
        for log in "${logs[@]}"; do
            [[ ! -f $log ]] || printf ' %s %s' "$(basename "$log" .log)" "$(sha256sum "$log" | cut -c-16)"
        done
        printf '\n'
    done
}
