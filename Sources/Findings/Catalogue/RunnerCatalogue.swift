/// Findings about what the runner allows its jobs.
extension CatalogueEntry {
    static let runnerUsernsForbidden = CatalogueEntry(
        severity: .error, link: nil,
        proof: .drills { PackageResources.runner_userns_forbidden_json },
        summary: "this runner may not create user namespaces",
        cause: "Rootless builders (buildah, podman, rootless BuildKit) and the container venue need them; a "
            + "sysctl, AppArmor or the container engine's seccomp profile refuses.",
        byHand: "unshare -Ur true; sysctl user.max_user_namespaces kernel.unprivileged_userns_clone",
        remedy: "sysctl -w user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1 "
            + "kernel.apparmor_restrict_unprivileged_userns=0 (those that exist)")

    static let runnerNoexecWorkdir = CatalogueEntry(
        severity: .error, link: nil,
        proof: .drills { PackageResources.runner_noexec_workdir_json },
        summary: "programs below the work directory may not be executed",
        cause: "Its file system is mounted noexec.",
        byHand: "findmnt -no OPTIONS -T DIRECTORY",
        remedy: "mount -o remount,exec MOUNTPOINT, or point XDG_CACHE_HOME and TMPDIR elsewhere")

    static let runnerUnprivileged = CatalogueEntry(
        severity: .info, link: nil,
        proof: .drills { PackageResources.runner_unprivileged_json },
        summary: "the caller may not administer mounts (no CAP_SYS_ADMIN)",
        cause:
            "Without it handlers cannot be registered or repaired from here, and the chroot venue is skipped; running arm64 "
            + "programs and rootless builds works all the same.",
        byHand: "grep CapEff /proc/self/status",
        remedy: "run assay as root (sudo) where handlers are to be registered or mended")

    static let runnerCgroupReadonly = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .drills { PackageResources.runner_cgroup_readonly_json },
        summary: "the cgroup file system is mounted read-only",
        cause:
            "Container engines started in this runner (docker in docker, buildkitd, podman with limits) cannot make cgroups, "
            + "and fail to start containers.",
        byHand: "findmnt -no OPTIONS -T /sys/fs/cgroup",
        remedy:
            "start the runner's container with --privileged or --cgroupns=private and a writable /sys/fs/cgroup")

    static let runnerLimits = CatalogueEntry(
        severity: .error,
        otherwise: [
            SeverityCase(
                .warning,
                where: "a limit was reached, or a builder ran short, and nothing shows that it stops the emulator")
        ],
        link: nil,
        proof: .drills { PackageResources.runner_limits_json },
        summary: "a limit of this runner stops arm64 programs",
        cause:
            "QEMU reserves address space, starts a thread of its own and translates into memory; a resource limit (ulimit, "
            + "systemd, limits.conf) or a cgroup leaves too little of one of these, whatever arm64 program is run. Builds end by it, too.",
        byHand:
            "ulimit -a; cat /proc/self/cgroup; grep . /sys/fs/cgroup/*/pids.max /sys/fs/cgroup/*/memory.max; run an arm64 program with and without the limit",
        remedy:
            "ulimit -v unlimited, or raise the limit where it is set: LimitAS=, TasksMax= or MemoryMax= of the unit, "
            + "--ulimit, --pids-limit or --memory of the container")

    static let runnerMemoryPolicy = CatalogueEntry(
        severity: .warning, link: nil,
        proof: .elsewhere(
            reason:
                "vm.* sysctls belong to the whole machine, not to a namespace; Tests/FindingsTests gives the rule its evidence"
        ),
        summary: "the kernel's memory policy gets in the way of emulation",
        cause:
            "With vm.overcommit_memory = 2 large reservations of address space fail, which QEMU, Go and Java make. With a "
            + "vm.mmap_min_addr above 64 KiB programs linked to low addresses cannot be mapped.",
        byHand: "sysctl vm.overcommit_memory vm.mmap_min_addr",
        remedy: "sysctl -w vm.overcommit_memory=0 vm.mmap_min_addr=65536")

    static let runnerLargePages = CatalogueEntry(
        severity: .warning,
        otherwise: [SeverityCase(.error, where: "a program ended by it")],
        link: nil,
        proof: .elsewhere(
            reason:
                "a kernel has pages of one size; ci/kernels boots Debian's with 16 KiB, and Tests/FindingsTests gives the rule its evidence"
        ),
        summary: "the kernel's pages are larger than 4 KiB: programs made for pages of 4 KiB do not run",
        cause:
            "Some kernels (Asahi Linux, Raspberry Pi OS, the 64k kernels of RHEL and Ubuntu) have pages of 16 or 64 KiB. The kernel "
            + "maps segments in whole pages: a program whose segments are aligned to 4 KiB is killed when it is started, and one "
            + "that takes 4 KiB for the size of a page fails later. Emulators must imitate the smaller pages of their guests.",
        byHand: "getconf PAGESIZE; readelf -lW PROGRAM | grep LOAD",
        remedy:
            "boot a kernel with pages of 4 KiB, or link what must run here with -Wl,-z,max-page-size=65536")

    static let runnerNoDockerSocket = CatalogueEntry(
        severity: .warning,
        otherwise: [SeverityCase(.info, where: "there is no socket: a docker command alone promises no daemon")],
        link: nil,
        proof: .drills { PackageResources.runner_no_docker_socket_json },
        summary: "the Docker socket cannot be used from here",
        cause:
            "A docker command is installed, but no daemon answers on its socket, or the socket may not be opened: docker build, "
            + "buildx and compose fail. Builders without a daemon (buildah, podman) are not affected.",
        byHand: "curl --unix-socket /var/run/docker.sock http://localhost/_ping",
        remedy: "mount the socket into the runner, add the user to the docker group, or start dockerd")
}
