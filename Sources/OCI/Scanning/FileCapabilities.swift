import Archive

/// The capabilities that a file gives to whoever executes it: its attribute `security.capability`.
///
/// Source: `struct vfs_cap_data` in <https://github.com/torvalds/linux/blob/master/include/uapi/linux/capability.h>
struct FileCapabilities: Sendable, Equatable {
    /// A bit for each.
    let permitted: UInt64
    /// Whether the program has them from the beginning. Then execve(2) fails where the process may not have one.
    let isEffective: Bool

    /// Nil for another attribute, and for one that gives nothing.
    init?(_ attribute: ArchiveEntry.Attribute) {
        guard attribute.name == "security.capability", attribute.value.count >= 12 else { return nil }
        func number(_ offset: Int) -> UInt64 {
            attribute.value.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        isEffective = attribute.value[0] & 1 != 0
        permitted = number(4) | number(12) << 32
        guard isEffective || permitted != 0 else { return nil }
    }

    /// The names of those that engines do not give to a container unless they are told to.
    ///
    /// Source: `defaultUnixCaps` in <https://github.com/containerd/containerd/blob/main/pkg/oci/spec.go>. podman gives three of
    /// these no more: mknod, net_raw and audit_write.
    var notGiven: [String] {
        Self.names.indices.filter { permitted >> UInt64($0) & 1 != 0 && !Self.given.contains(Self.names[$0]) }
            .map { "cap_\(Self.names[$0])" }
    }

    private static let given: Set = [
        "chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "net_bind_service",
        "net_raw", "sys_chroot", "mknod", "audit_write", "setfcap",
    ]
    /// By their numbers.
    private static let names = [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
        "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
        "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
        "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
        "checkpoint_restore",
    ]
}
