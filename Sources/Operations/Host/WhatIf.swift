import Binfmt
import Evidence
import Findings
public import Guest
import Host
import Sandbox

/// Makes an interpreter the handler in a private registry of this process.
public struct WhatIf: Sendable {
    public var guest: Guest
    public var interpreter: String
    public var flags: String

    public init(guest: Guest, interpreter: String, flags: String) {
        self.guest = guest
        self.interpreter = interpreter
        self.flags = flags
    }

    /// Moves the process into the private registry, and registers the interpreter there. Call it before anything else.
    ///
    /// - Throws: `Impossible` if this kernel or runner does not allow it; `RegistryError` if the kernel refuses the
    ///   rule.
    public func apply() throws {
        try Self.enter()
        try Registry.register(Handler(for: guest, interpreter: interpreter, flags: flags))
    }

    /// Tries in a child whether a private registry can be had.
    ///
    /// - Throws: `Impossible`.
    static func check() throws(Impossible) {
        if let failure = PrivateRegistry.refusal() {
            throw Impossible(failure: failure, kernel: "Linux \(HostInspection.release)")
        }
    }

    static func enter() throws(Impossible) {
        do throws(StartFailure) {
            try PrivateRegistry.enter()
        } catch {
            throw Impossible(failure: error, kernel: "Linux \(HostInspection.release)")
        }
    }

    /// Why no private registry could be had.
    public struct Impossible: Error, CustomStringConvertible {
        let failure: StartFailure
        let kernel: String

        public var description: String {
            "this needs a binfmt_misc registry of its own, which user namespaces have since Linux "
                + "\(PrivateRegistry.firstKernel); this is \(kernel): \(failure)"
        }
    }
}
