/// What a foreign image's program may see and do, alike in every venue: the one table for CSandbox and for OCI
/// runtimes.
enum ConfinedRights {
    /// The capabilities that container engines leave to a container's root, without CAP_MKNOD: only a cgroup could keep
    /// devices from being opened, and not every venue has one.
    ///
    /// Numbers from linux/capability.h.
    /// <https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities>
    static let capabilities: KeyValuePairs<String, UInt64> = [
        "CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_FOWNER": 3, "CAP_FSETID": 4, "CAP_KILL": 5, "CAP_SETGID": 6,
        "CAP_SETUID": 7, "CAP_SETPCAP": 8, "CAP_NET_BIND_SERVICE": 10, "CAP_NET_RAW": 13, "CAP_SYS_CHROOT": 18,
        "CAP_AUDIT_WRITE": 29, "CAP_SETFCAP": 31,
    ]

    static var capabilityMask: UInt64 { capabilities.reduce(0) { $0 | 1 << $1.value } }

    /// Paths that read as empty: they show the host, or its kernel's memory and keys. A path that the kernel lacks is
    /// skipped.
    static let masked = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/key-users", "/proc/keys", "/proc/kmsg",
        "/proc/kpagecgroup", "/proc/kpagecount", "/proc/kpageflags", "/proc/latency_stats", "/proc/pagetypeinfo",
        "/proc/sched_debug", "/proc/scsi", "/proc/slabinfo", "/proc/timer_list", "/proc/timer_stats",
        "/proc/vmallocinfo",
    ]

    /// Paths with settings of the host, which cannot be written to.
    static let readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
}
