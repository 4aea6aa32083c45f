public import Binfmt
public import ELF
public import Guest

/// What was read about the host. Nothing here is judged.
public struct HostEvidence: Sendable {
    /// Whose programs it is to run.
    public var guest: Guest
    /// `uname -n`: what reports of many hosts are told apart by; nil when nobody asked.
    public var name: String?
    /// Tells machines of one name apart; made of machine-id(5), which it does not disclose. Nil where there is none, as in most container images.
    public var id: String?
    /// `uname -r`.
    public var kernel: String
    /// `uname -m`, not of an emulated personality but of the kernel.
    public var machine: String
    /// The caller may administer mounts (CAP_SYS_ADMIN).
    public var privileged: Bool
    public var registry: Registry
    /// The interpreter of the entry that takes the guest's programs.
    public var interpreter: InterpreterEvidence?
    /// The file that ran when a probe was executed, as the kernel showed it.
    public var executed: FileIdentity?
    /// The caller's variables that reach the emulator: `QEMU_*`, `LD_PRELOAD`.
    public var environment: [String: String] = [:]
    public var runner = RunnerEvidence()
    /// What became of each probe's native twin (the same source, compiled for the host), by name.
    public var native: [String: ProbeEvidence] = [:]
    /// Processor time that the same probes took emulated, in the direct venue, and natively.
    public var processorTime: (emulated: Duration, native: Duration)?
    /// Programs on this host that could serve as interpreter, best first.
    public var candidates: [String]
    /// Which file each of them is, by path.
    public var candidateFiles: [String: FileIdentity] = [:]
    /// The package manager's command to install one, where a known one is there.
    public var installCommand: String?

    public init(
        guest: Guest, kernel: String, machine: String, privileged: Bool, registry: Registry,
        interpreter: InterpreterEvidence? = nil,
        candidates: [String] = [], installCommand: String? = nil
    ) {
        self.guest = guest
        self.kernel = kernel
        self.machine = machine
        self.privileged = privileged
        self.registry = registry
        self.interpreter = interpreter
        self.candidates = candidates
        self.installCommand = installCommand
    }

    /// The guest's programs need no emulation here.
    public var isGuestNative: Bool { guest.isNative(on: machine) }

    /// The entry that takes a program of the guest with this type and OSABI, as the kernel decides.
    public func handler(type: ELFType = .executable, osABI: ELFOSABI = .systemV) -> Handler? {
        registry.handler(for: guest.header(type: type, osABI: osABI))
    }
}

/// What is known about an interpreter's file.
public struct InterpreterEvidence: Sendable, Equatable {
    public var path: String
    /// errno of opening it; 0 when it could be opened.
    public var error: Int32
    /// May be executed by the caller, mount options included.
    public var executable: Bool
    /// Its mode has an x bit, for whomever.
    public var hasExecuteBit = true
    /// Where the file system that holds it is mounted, when that is noexec.
    public var noexecMount: String?
    /// Which file the path leads to now.
    public var file: FileIdentity?
    /// What its ELF header says that it is for: `x86-64, 64-bit, little-endian`; nil when it is not ELF.
    public var target: String?
    /// It is for another machine than this host.
    public var isForeign = false
    /// Its own program interpreter (`PT_INTERP`); nil for a static program.
    public var loader: String?
    /// `7.2.22`, as the program itself says; nil when it did not.
    public var version: String?
    /// Lower-case hexadecimal; nil when it could not be read.
    public var sha256: String?

    public init(path: String, error: Int32, executable: Bool, version: String? = nil, sha256: String? = nil) {
        self.path = path
        self.error = error
        self.executable = executable
        self.version = version
        self.sha256 = sha256
    }
}
