public import Binfmt
public import ELF
public import Guest

/// What was read about the host. Nothing here is judged.
public struct HostEvidence: Sendable {
    /// The guest whose programs it shall run.
    public var guest: Guest
    /// `uname -n`, to tell hosts apart in merged reports; nil if not asked for.
    public var name: String?
    /// Tells machines of the same name apart. Derived from machine-id(5), without disclosing it. Nil if the machine has
    /// none, as in most container images.
    public var id: String?
    /// `uname -r`.
    public var kernel: String
    /// `uname -m` of the kernel, not of an emulated personality.
    public var machine: String
    /// Whether the caller has CAP_SYS_ADMIN.
    public var privileged: Bool
    public var registry: Registry
    public var registryAccess = RegistryAccess.writable
    /// Whether the effective user is 0, whatever its capabilities.
    public var isRoot: Bool
    /// The security module's label of this process, from `/proc/self/attr/current`; nil if it has none.
    public var securityLabel: String?
    /// The interpreter of the entry that takes the guest's programs.
    public var interpreter: InterpreterEvidence?
    /// The trial that explains a failure; nil if nothing failed that it could explain.
    public var emptyRoot: EmptyRootTrial?
    /// What came of the kinds of programs that another entry takes than `handler()`.
    public var otherShapes: [ShapeEvidence] = []
    /// The file that the kernel ran for a probe.
    public var executed: FileIdentity?
    /// The caller's variables that reach the emulator: `QEMU_*`, `LD_PRELOAD`.
    public var environment: [String: String] = [:]
    /// The names of those that a scenario's step sets itself.
    public var variablesOfStep: Set<String> = []
    /// What passes without these variables; nil if they make no difference.
    public var withoutVariables: VariableTrial?
    public var runner = RunnerEvidence()
    /// The native twin of each probe, by probe name: the same source, compiled for the host.
    public var native: [String: ProbeEvidence] = [:]
    /// The processor time of the same probes, emulated in `direct` and native.
    public var processorTime: (emulated: Duration, native: Duration)?
    /// The part of the emulated processor time that the kernel spent, on system calls and page faults.
    public var systemTime: Duration?
    /// Nil if starting took too little time to matter.
    public var start: StartEvidence?
    /// Whether the registry is a private one, for trying another interpreter than the host's.
    public var isWhatIf = false
    /// The entry that the visible registry has for the guest's programs, where that registry is not the one that the kernel asks; it is
    /// not among `registry.handlers` then.
    public var entryElsewhere: Handler?
    /// How a probe's arguments arrived; nil if as they were given.
    public var argumentShift: InitialStack.Shift?
    /// Programs on this host that could be the interpreter, the best first.
    public var candidates: [String]
    /// The file behind each candidate, by path.
    public var candidateFiles: [String: FileIdentity] = [:]
    /// The package manager's command that installs an interpreter; nil for an unknown package manager.
    public var installCommand: String?
    /// The path of this program in commands to type; nil if unknown.
    public var program: String?
    /// Whether a service of this host would register a handler for the guest at boot.
    public var persists = false
    /// What keeps this host's services from registering a handler for the guest at boot: `FILE: masked by OTHER`.
    public var bootObstacles: [String] = []

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

    /// Whether a program of the guest ran here that no entry takes, on a kernel that may run such itself.
    public var ranByItself = false

    /// Whether the guest's programs need no emulation here.
    public var isGuestNative: Bool { guest.isNative(on: machine) || ranByItself }

    /// The entry that the kernel chooses for a program of the guest with this type and OSABI.
    public func handler(type: ELFType = .executable, osABI: ELFOSABI = .systemV) -> Handler? {
        registry.handler(for: guest.header(type: type, osABI: osABI))
    }
}

/// An interpreter's file.
public struct InterpreterEvidence: Sendable, Equatable {
    public var path: String
    /// The errno of opening it; 0 on success.
    public var error: Int32
    /// Whether the caller may execute it, with regard to mount options.
    public var executable: Bool
    /// Whether its mode has an execute bit, for any class of user.
    public var hasExecuteBit = true
    /// The mount point of its file system, if mounted noexec.
    public var noexecMount: String?
    /// The file that the path leads to now.
    public var file: FileIdentity?
    /// The target in its ELF header, such as `x86-64, 64-bit, little-endian`; nil if it is not an ELF file.
    public var target: String?
    /// What is wrong with it, if it begins as an ELF file and cannot be read as one.
    public var damage: String?
    /// Whether its target is not this host.
    public var isForeign = false
    /// Its own program interpreter (`PT_INTERP`); nil for a static program.
    public var loader: String?
    /// The program after `#!` in its first line; nil if it is no script.
    public var script: String?
    /// The version that the program prints, such as `7.2.22`; nil if it printed none.
    public var version: String?
    /// Its SHA-256 in lower-case hexadecimal; nil if the file could not be read.
    public var sha256: String?

    public init(path: String, error: Int32, executable: Bool, version: String? = nil, sha256: String? = nil) {
        self.path = path
        self.error = error
        self.executable = executable
        self.version = version
        self.sha256 = sha256
    }
}
