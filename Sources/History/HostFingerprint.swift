import Binfmt
public import Evidence

/// The facts that make two runs comparable: the kernel, and everything between it and a guest program.
public struct HostFingerprint: Sendable, Hashable {
    public var kernel: String
    public var machine: String
    public var interpreterPath: String?
    public var interpreterVersion: String?
    /// Lower-case hexadecimal; nil if the command did not need to read the file.
    public var interpreterSHA256: String?
    /// Name of the entry that takes the guest's programs.
    public var handler: String?
    /// Nil also for an entry without flags.
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

    /// The host as each guest finds it: of several, a fact is the list of theirs, in their order.
    ///
    /// - Returns: nil for none.
    public init?(_ hosts: [HostEvidence]) {
        guard let first = hosts.first else { return nil }
        self.init(first)
        guard hosts.count > 1 else { return }
        let all = hosts.map { HostFingerprint($0) }
        func together(_ fact: KeyPath<HostFingerprint, String?>) -> String? {
            let values = all.map { $0[keyPath: fact] }
            return values.allSatisfy { $0 == nil } ? nil : values.map { $0 ?? "none" }.joined(separator: ", ")
        }
        interpreterPath = together(\.interpreterPath)
        interpreterVersion = together(\.interpreterVersion)
        interpreterSHA256 = together(\.interpreterSHA256)
        handler = together(\.handler)
        handlerFlags = together(\.handlerFlags)
    }

    public init(kernel: String, machine: String) {
        self.kernel = kernel
        self.machine = machine
    }

    /// All facts by name, to compare and to show.
    public var facts: [(name: String, value: String?)] {
        [
            ("kernel", kernel), ("machine", machine), ("interpreter", interpreterPath), ("QEMU", interpreterVersion),
            ("sha256", interpreterSHA256), ("handler", handler), ("flags", handlerFlags),
        ]
    }
}
