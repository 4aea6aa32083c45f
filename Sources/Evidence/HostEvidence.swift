public import Binfmt
public import ELF
public import Guest

/// What was read about the host. Nothing here is judged.
public struct HostEvidence: Sendable {
    /// The guest whose programs it is to run.
    public var guest: Guest
    /// `uname -n`, which tells hosts apart in merged reports; nil if not asked for.
    public var name: String?
    /// Tells machines of the same name apart. Derived from machine-id(5), which it does not disclose; nil if the
    /// machine has none, as most container images.
    public var id: String?
    /// `uname -r`.
    public var kernel: String
    /// `uname -m` of the kernel, not of an emulated personality.
    public var machine: String
    /// The caller has CAP_SYS_ADMIN.
    public var privileged: Bool
    public var registry: Registry
    public var registryAccess = RegistryAccess.writable
    /// The effective user is 0, whatever it may do.
    public var isRoot: Bool
    /// The security module's label of this process, as `/proc/self/attr/current` shows it; nil where there is none.
    public var securityLabel: String?
    /// The interpreter of the entry that takes the guest's programs.
    public var interpreter: InterpreterEvidence?
    /// Nil if nothing failed that it could explain.
    public var emptyRoot: EmptyRootTrial?
    /// The file that the kernel ran for a probe.
    public var executed: FileIdentity?
    /// The caller's variables that reach the emulator: `QEMU_*`, `LD_PRELOAD`.
    public var environment: [String: String] = [:]
    public var runner = RunnerEvidence()
    /// The native twin (same source, compiled for the host) of each probe, by probe name.
    public var native: [String: ProbeEvidence] = [:]
    /// Processor time of the same probes, emulated in the direct venue and native.
    public var processorTime: (emulated: Duration, native: Duration)?
    /// The part of the emulated processor time that the kernel took, for system calls and page faults.
    public var systemTime: Duration?
    /// Nil if starting took no time worth a closer look.
    public var start: StartEvidence?
    /// The registry is a private one, in which another interpreter than the host's is tried.
    public var isWhatIf = false
    /// How the arguments of a probe arrived, if not as they were given.
    public var argumentShift: ProgramStart.Shift?
    /// Programs on this host that could serve as interpreter, best first.
    public var candidates: [String]
    /// The file behind each candidate, by path.
    public var candidateFiles: [String: FileIdentity] = [:]
    /// The package manager's command to install an interpreter; nil for an unknown package manager.
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
        isRoot = privileged
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

/// An interpreter's file.
public struct InterpreterEvidence: Sendable, Equatable {
    public var path: String
    /// errno of opening it; 0 on success.
    public var error: Int32
    /// May be executed by the caller, mount options included.
    public var executable: Bool
    /// Its mode has an execute bit, for any class of user.
    public var hasExecuteBit = true
    /// Mount point of its file system, if mounted noexec.
    public var noexecMount: String?
    /// The file that the path leads to now.
    public var file: FileIdentity?
    /// The target in its ELF header: `x86-64, 64-bit, little-endian`; nil if it is not an ELF file.
    public var target: String?
    /// Its target is not this host.
    public var isForeign = false
    /// Its own program interpreter (`PT_INTERP`); nil for a static program.
    public var loader: String?
    /// The program that its first line names after `#!`; nil if it is no script.
    public var script: String?
    /// `7.2.22`, as the program prints it; nil if it printed none.
    public var version: String?
    /// Lower-case hexadecimal; nil if the file could not be read.
    public var sha256: String?

    public init(path: String, error: Int32, executable: Bool, version: String? = nil, sha256: String? = nil) {
        self.path = path
        self.error = error
        self.executable = executable
        self.version = version
        self.sha256 = sha256
    }
}
