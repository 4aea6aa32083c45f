/// What a foreign image's program sees and may do, in every venue alike: one table for what CSandbox sets up and for what an OCI runtime is told.
enum ConfinedRights {
    /// What container engines leave to a container's root, but for CAP_MKNOD: nothing keeps a device from being opened where no cgroup says which may be.
    ///
    /// Numbers of linux/capability.h. <https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities>
    static let capabilities: KeyValuePairs<String, UInt64> = [
        "CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_FOWNER": 3, "CAP_FSETID": 4, "CAP_KILL": 5, "CAP_SETGID": 6,
        "CAP_SETUID": 7, "CAP_SETPCAP": 8, "CAP_NET_BIND_SERVICE": 10, "CAP_NET_RAW": 13, "CAP_SYS_CHROOT": 18,
        "CAP_AUDIT_WRITE": 29, "CAP_SETFCAP": 31,
    ]

    static var capabilityMask: UInt64 { capabilities.reduce(0) { $0 | 1 << $1.value } }

    /// Read as empty: they tell of the host, or of its kernel's memory and keys. Those that a kernel does not have are passed over.
    static let masked = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/key-users", "/proc/keys", "/proc/kmsg",
        "/proc/kpagecgroup", "/proc/kpagecount", "/proc/kpageflags", "/proc/latency_stats", "/proc/pagetypeinfo",
        "/proc/sched_debug", "/proc/scsi", "/proc/slabinfo", "/proc/timer_list", "/proc/timer_stats",
        "/proc/vmallocinfo",
    ]

    /// Settings of the host.
    static let readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
}
