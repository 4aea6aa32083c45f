import Binfmt
public import Evidence

/// What makes durations and results of two runs comparable: the kernel, and all that stands between it and a program of the guest.
public struct HostFingerprint: Sendable, Hashable {
    public var kernel: String
    public var machine: String
    public var interpreterPath: String?
    public var interpreterVersion: String?
    /// Lower-case hexadecimal; nil where the command had no need to read the file.
    public var interpreterSHA256: String?
    /// Name of the entry that takes the guest's programs.
    public var handler: String?
    /// Nil for an entry without flags too.
    public var handlerFlags: String?

    public init(_ host: HostEvidence) {
        kernel = host.kernel
        machine = host.machine
        interpreterPath = host.interpreter?.path
        interpreterVersion = host.interpreter?.version
        interpreterSHA256 = host.interpreter?.sha256
        let entry = host.handler()
        handler = entry?.name
        handlerFlags = entry.flatMap { $0.flags.isEmpty ? nil : $0.flags }
    }

    public init(kernel: String, machine: String) {
        self.kernel = kernel
        self.machine = machine
    }

    /// Every fact with its name, for comparison and for showing.
    public var facts: [(name: String, value: String?)] {
        [
            ("kernel", kernel), ("machine", machine), ("interpreter", interpreterPath), ("QEMU", interpreterVersion),
            ("sha256", interpreterSHA256), ("handler", handler), ("flags", handlerFlags),
        ]
    }
}
