public import Archive
public import Builders
public import Guest
public import Probes
public import ScenarioFormat
public import SystemPackage

/// The settings that every judging command takes from its command line.
public struct Settings: Sendable {
    /// The guest whose programs this host should run and build.
    public var guest: Guest
    public var limits = ProbeLimits()
    public var archiveLimits = ArchiveLimits()
    /// Whether the limits are the usual ones: on a slow or busy host they are multiplied by what `Calibration` finds.
    public var scalesLimits = false
    /// The factor for limits on this host as it is now; 1 if somebody set them.
    public var calibration: Int { scalesLimits ? Calibration.measureSinceStart().factor : 1 }
    /// Whether the registry is a private one, for an interpreter that is tried.
    public var isWhatIf = false
    /// The interpreter that is tried in the host's own registry, for this run's programs alone; nil: none is.
    public var markedTrial: MarkedTrial?
    /// The time limit of each command of a builder's tool.
    public var builderTimeout: Duration = .seconds(120)
    /// Options for builders' command lines.
    public var builderOptions = BuilderOptions()
    /// The most children at a time.
    public var jobs = 2
    public var selection = Selection()
    /// What the configuration says; the command line's own words went into the settings already.
    public var configuration = Configuration()
    public var failFast = false
    /// How often each probe runs in each venue, each time as a fresh process with a fresh nonce.
    public var repeats = 1
    /// A factor for the work of probes that repeat things, 1 to 20.
    public var scale = 1
    /// Whether programs of foreign images may run as root without confinement.
    public var unconfined = false
    /// Whether to keep scratch directories and print their paths.
    public var keep = false
    /// The directory for unpacked images; nil: in the scratch directory, for this run only.
    public var cacheDirectory: FilePath?
    /// The caller's variables that reach the emulator (`QEMU_*`, `LD_PRELOAD`).
    public var environment: [String: String] = [:]
    /// The names of the variables that a scenario's step sets.
    public var variablesOfStep: Set<String> = []

    /// The path of this program in commands to type; nil if unknown.
    public var program: String?

    public init(guest: Guest) { self.guest = guest }
}
