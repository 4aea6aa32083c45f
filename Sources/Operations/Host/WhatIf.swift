import Binfmt
import Evidence
import Files
import Findings
import Glibc
public import Guest
import Host
import Processes
import Sandbox
import SystemPackage

/// Makes an interpreter the handler in a private registry of this process.
public struct WhatIf: Sendable {
    public var guest: Guest
    public var interpreter: String
    public var flags: String

    /// - Parameters:
    ///   - guest: whose programs are meant.
    ///   - isNamed: whether somebody named the guest; else the one counts that the interpreter says that it runs.
    /// - Throws: `Mismatch` for the emulator of another guest, and for one of this host's own programs.
    public init(guest: Guest, isNamed: Bool = true, interpreter: String, flags: String? = nil) throws(Mismatch) {
        let own = HostInspection.guest(ofEmulator: interpreter)
        if let own, isNamed, own != guest {
            throw Mismatch(
                "\(interpreter) says that it is \(own.emulator), which runs \(own.platform), and \(guest.platform) is meant"
            )
        }
        // Nobody said which platform is meant, and the file says two.
        if let own, !isNamed, let called = Self.guest(calledBy: interpreter), called != own {
            throw Mismatch(
                "\(interpreter) is called \(called.emulator), and says that it is \(own.emulator): --platform \(own.platform) judges it for what it runs"
            )
        }
        let guest = own ?? guest
        guard !guest.isNative(on: KernelNames.machine) else {
            throw Mismatch(
                "this host runs \(guest.platform) itself: an entry for that would take every program here, \(interpreter) too"
            )
        }
        self.guest = guest
        self.interpreter = interpreter
        self.flags = flags ?? usualFlags(interpreter, kernel: KernelNames.release)
    }

    /// The guest whose emulator has the file's name.
    private static func guest(calledBy path: String) -> Guest? {
        let name = path.split(separator: "/").last ?? ""
        return Guest.all.first { name == $0.emulator || name.hasPrefix("\($0.emulator)-") }
    }

    /// An interpreter that is not for the programs that are meant.
    public struct Mismatch: Error, CustomStringConvertible {
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// Moves the process into the private registry, and registers the interpreter there. Call it before anything else.
    ///
    /// - Throws: `NoInput` if there is no such file; `MalformedInput` for a directory or a device; `Impossible` if this
    ///   kernel or runner does not allow it; `RegistryError` if the kernel refuses the rule.
    public func apply() throws {
        try checkFile()
        try Self.enter()
        try Registry.register(Handler(for: guest, interpreter: interpreter, flags: flags))
    }

    /// The same in the host's own registry, for programs with a marker alone.
    ///
    /// - Throws: `NoInput`, `MalformedInput`, as `apply()`.
    public func marked() throws -> MarkedTrial {
        try checkFile()
        return MarkedTrial(guest: guest, interpreter: interpreter, flags: flags)
    }

    /// Checks the file, for which the kernel would give only an errno. A program without the x bit is registered if the
    /// flags allow it: what then happens is a finding.
    private func checkFile() throws {
        var status = stat()
        guard stat(interpreter, &status) == 0 else { throw NoInput(interpreter, Errno(rawValue: errno)) }
        guard status.isRegular else { throw MalformedInput("\(interpreter): expected a program, found \(status.kind)") }
        if flags.contains("F"), access(interpreter, X_OK) != 0 { throw NoInput(interpreter, Errno(rawValue: errno)) }
    }

    /// Tries in a child whether a private registry can be had.
    ///
    /// - Throws: `Impossible`.
    static func check() throws(Impossible) {
        if let failure = PrivateRegistry.refusal() {
            throw Impossible(failure: failure, kernel: "Linux \(KernelNames.release)")
        }
    }

    static func enter() throws(Impossible) {
        do throws(StartFailure) {
            // unshare(2) of a user namespace takes a process of one thread.
            EarlyLook.shared.end()
            try PrivateRegistry.enter()
        } catch {
            throw Impossible(failure: error, kernel: "Linux \(KernelNames.release)")
        }
    }

    /// Why no private registry could be had.
    public struct Impossible: Error, CustomStringConvertible {
        let failure: StartFailure
        let kernel: String

        public var description: String {
            "this needs a binfmt_misc registry of its own, which user namespaces have since Linux "
                + "\(PrivateRegistry.firstKernel); this is \(kernel): \(failure)"
                + (geteuid() == 0 ? "; --interpreter can be tried in the host's own with --host-registry" : "")
        }
    }
}
