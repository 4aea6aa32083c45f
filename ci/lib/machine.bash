# Sourced by ci/kernels and ci/arm64-host, in the repository, after ci/lib/say.bash and ci/lib/debian.bash: virtual machines with Debian's
# kernels, in QEMU, by KVM where this host has it and by QEMU's translator elsewhere, without network or disk. What they are made of is
# unpacked aside, in out/machines: nothing of this host changes.

# machine_open ARCHITECTURE: chooses the machines' architecture (x86_64, aarch64), and sets
#   machine_deb        Debian's name of it
#   machine_work       the directory of all that belongs to it
#   machine_guest      whose programs are emulated in there first, and machine_emulator, by which program
#   machine_others     the emulators of other guests that a machine may have
machine_open() {
    machine_arch=$1
    machine_work=$PWD/out/machines/$1
    machine_mirror=$(debian_mirror)/debian
    case $1 in
    x86_64) machine_deb=amd64 machine_guest=arm64 machine_emulator=qemu-aarch64 machine_others=(qemu-arm qemu-riscv64 qemu-ppc64le qemu-s390x) ;;
    aarch64) machine_deb=arm64 machine_guest=amd64 machine_emulator=qemu-x86_64 machine_others=(qemu-arm qemu-i386 qemu-riscv64 qemu-ppc64le qemu-s390x) ;;
    esac
    mkdir -p "$machine_work"
}

# machine_lists DIRECTORY ARCHITECTURE SUITE...: fetches the lists of packages of the suites.
machine_lists() {
    local own=$1/apt architecture=$2 lines=() suite
    shift 2
    [[ ! -d $own/state ]] || return 0
    for suite in "$@"; do
        # sid's key is newer than stable's keyring, and the lists of a mirror that is frozen at some date have expired.
        case $suite in
        sid) lines+=("deb [trusted=yes check-valid-until=no] $machine_mirror $suite main") ;;
        *) lines+=("deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg check-valid-until=no] $machine_mirror $suite main") ;;
        esac
    done
    mkdir -p "$own"
    open_apt "$own" "$architecture" "${lines[@]}" >&2 || { rm -rf "$own"; return 2; }
}

# machine_unpack DIRECTORY ARCHITECTURE APT-GET-ARGUMENT...: unpacks the packages that apt-get downloads into DIRECTORY/root.
machine_unpack() {
    local own=$1 architecture=$2 deb
    shift 2
    rm -rf "$own/deb" "$own/new"
    mkdir -p "$own/deb" "$own/new"
    (cd "$own/deb" && private_apt "$own/apt" "$architecture" apt-get "$@" -o Dir::Cache::archives="$own/deb" >&2) || return 2
    for deb in "$own/deb"/*.deb; do dpkg-deb -x "$deb" "$own/new" || return 2; done
    rm -rf "$own/deb"
    mv "$own/new" "$own/root"
}

# machine_kernel SUITE [FLAVOUR]: unpacks the newest kernel of the suite, for clouds if nothing else is asked for, and prints the directory.
machine_kernel() {
    local flavour=${2:-cloud-$machine_deb} own image names
    own=$machine_work/$1-$flavour
    if [[ ! -d $own/root ]]; then
        machine_lists "$own" "$machine_deb" "$1" || return 2
        image=$(private_apt "$own/apt" "$machine_deb" apt-cache depends -i "linux-image-$flavour" | sed -n 's/^ *Depends: \(linux-image-\)/\1/p' | head -1)
        [[ $image ]] || return 2
        # Since 7.x the image and its modules are packages of their own.
        names=$(private_apt "$own/apt" "$machine_deb" apt-cache depends -i "$image" | sed -n 's/^ *Depends: \(linux-\(binary\|modules\)-\)/\1/p')
        # shellcheck disable=SC2086 # names hold no blanks
        machine_unpack "$own" "$machine_deb" download "$image" $names || return 2
    fi
    echo "$own/root"
}

# machine_packages NAME ARCHITECTURE SUITE PACKAGE...: unpacks packages, and prints the directory.
machine_packages() {
    local own=$machine_work/$1 architecture=$2 suite=$3
    shift 3
    if [[ ! -d $own/root ]]; then
        if ! machine_lists "$own" "$architecture" "$suite" || ! machine_unpack "$own" "$architecture" download "$@"; then
            say "there is no $* for $architecture in $suite"
            return 2
        fi
    fi
    echo "$own/root"
}

# machine_emulators: prints the directory of Debian's static emulators, and what their names end in.
machine_emulators() {
    # Until bookworm the static programs have a package, and a name, of their own.
    case $machine_arch in
    x86_64) echo "$(machine_packages user amd64 bookworm qemu-user-static)/usr/bin -static" ;;
    *) echo "$(machine_packages user "$machine_deb" trixie qemu-user)/usr/bin" ;;
    esac
}

# machine_disk KERNEL PROGRAM DIRECTORY...: prints the initial RAM disk: busybox, the program as /bin/assay, an emulator of the guest, the
# module, what ci/lib has for machines, and the files of the directories.
machine_disk() {
    local kernel=$1 program=$2 tree module busybox emulators ending packer status=0
    shift 2
    busybox=$(machine_packages busybox "$machine_deb" bookworm busybox-static)/bin/busybox || return 2
    packer=$(machine_packages packer amd64 bookworm busybox-static)/bin/busybox || return 2
    read -r emulators ending < <(machine_emulators)
    tree=$(mktemp -d)
    mkdir -p "$tree"/{bin,dev,proc,sys,tmp,etc,root,run,new,usr/bin,lib/modules}
    cp "$busybox" "$tree/bin/busybox" && cp "$program" "$tree/bin/assay" && cp "$emulators/$machine_emulator$ending" "$tree/usr/bin/$machine_emulator-static" &&
        cp ci/lib/machine-init "$tree/init" && cp ci/lib/machine-expect "$tree/expect" || status=2
    while (($#)); do
        cp -R "$1/." "$tree/"
        shift
    done
    module=$(find "$kernel" -name 'binfmt_misc.ko*' | head -1)
    case $module in
    *.xz) xz -dc "$module" >"$tree/lib/modules/binfmt_misc.ko" ;;
    *.zst) zstd -qdc "$module" >"$tree/lib/modules/binfmt_misc.ko" ;;
    ?*) cp "$module" "$tree/lib/modules/binfmt_misc.ko" ;;
    *) say "$kernel has no module binfmt_misc"; status=2 ;;
    esac
    (cd "$tree" && find . | LC_ALL=C sort | "$packer" cpio -o -H newc 2>/dev/null) || status=2
    rm -rf "$tree"
    return "$status"
}

# machine_accelerator QEMU...: what executes the machine: kvm, for machines of this host's own architecture, where the processor has
# virtualization and /dev/kvm can be opened; else tcg. A KVM that needs no such processor (kvm-pvm) opens, and runs only kernels that
# were made for it. ASSAY_ACCELERATOR=kvm or tcg chooses.
machine_accelerator() {
    if [[ ${ASSAY_ACCELERATOR:-} ]]; then
        echo "$ASSAY_ACCELERATOR"
    elif [[ $machine_arch == x86_64 && $(uname -m) == x86_64 ]] && grep -qwE 'vmx|svm' /proc/cpuinfo &&
        echo quit | timeout 20 "$@" -M none -nodefaults -nographic -monitor stdio -accel kvm >/dev/null 2>&1; then
        echo kvm
    else
        echo tcg
    fi
}

# machine_boot KERNEL DISK SECONDS WORD...: boots the kernel with the words on its command line, at most that long, and prints what the
# machine prints. A word NAME=VALUE is a variable of its first process. machine_process is its process: a trap of the caller's ends it.
machine_boot() {
    local kernel=$1 disk=$2 seconds=$3 root image boot qemu accelerator
    shift 3
    # Since 7.x it lies beside its modules.
    image=$(compgen -G "$kernel/boot/vmlinuz-*" || compgen -G "$kernel/usr/lib/modules/*/vmlinuz") || { say "$kernel has no kernel"; return 2; }
    # 7.2 crashed a 6.12 guest.
    root=$machine_work/emulator/root
    if [[ ! -d $root ]]; then
        local package=qemu-system-x86
        [[ $machine_arch == x86_64 ]] || package=qemu-system-arm
        if ! machine_lists "$machine_work/emulator" amd64 bookworm bookworm-backports ||
            ! machine_unpack "$machine_work/emulator" amd64 install -y -d --no-install-recommends -t bookworm-backports "$package"; then
            say "there is no $package"
            return 2
        fi
    fi
    case $machine_arch in
    x86_64) boot=(qemu-system-x86_64 -L "$root/usr/share/qemu" -L "$root/usr/share/seabios" -cpu max) && set -- console=ttyS0 "$@" ;;
    aarch64) boot=(qemu-system-aarch64 -L "$root/usr/share/qemu" -M virt -cpu cortex-a76) && set -- console=ttyAMA0 "$@" ;;
    esac
    # With the libraries that it needs: they are not this host's.
    qemu=("$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu" "$root/usr/bin/${boot[0]}")
    accelerator=$(machine_accelerator "${qemu[@]}")
    echo "MACHINE $("${qemu[@]}" --version | sed -n 's/^QEMU emulator version \([0-9.]*\).*/QEMU \1/p'), $accelerator"
    [[ $accelerator != tcg ]] || accelerator=tcg,thread=multi
    timeout "$seconds" "${qemu[@]}" "${boot[@]:1}" -accel "$accelerator" -m 1536 -smp 2 -nographic -no-reboot -net none \
        -kernel "$image" -initrd "$disk" \
        -append "panic=-1 quiet rdinit=/init cgroup_no_v1=all guest=$machine_guest emulator=/usr/bin/$machine_emulator-static $*" </dev/null 2>&1 &
    machine_process=$!
    wait "$machine_process" || true
}

# machine_verdict NAME LOG: prints what was tried and what was wrong. Returns 1 if something was, 2 if the machine did not get to its end.
machine_verdict() {
    local said
    said=$(tr -d '\r' <"$2" | grep -a -E '^(STEP|WRONG|      )' || true)
    printf '%s\n' "$said"
    grep -q '^STEP end' <<<"$said" || { say "$1: the machine did not get to its end: $2"; return 2; }
    ! grep -q '^WRONG ' <<<"$said"
}
