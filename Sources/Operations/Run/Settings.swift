public import Archive
public import Guest
public import Probes
public import ScenarioFormat
public import SystemPackage

/// What every command that judges takes from its command line.
public struct Settings: Sendable {
    /// Whose programs this host is to run and build.
    public var guest: Guest
    public var limits = ProbeLimits()
    public var archiveLimits = ArchiveLimits()
    /// For each command of a builder's tool.
    public var builderTimeout: Duration = .seconds(120)
    /// Launches side by side.
    public var jobs = 2
    public var selection = Selection()
    public var failFast = false
    /// How often each probe runs in each venue, every time as a fresh process with a fresh nonce.
    public var repeats = 1
    /// How many times the usual work probes do that repeat things, 1 to 20.
    public var scale = 1
    /// Start programs of foreign images as root where nothing keeps them from the host.
    public var unconfined = false
    /// Leave scratch directories for a look, and say where they are.
    public var keep = false
    /// Where unpacked images are kept; nil: in the scratch directory, for this run only.
    public var cacheDirectory: FilePath?
    /// The caller's variables that reach the emulator (`QEMU_*`, `LD_PRELOAD`).
    public var environment: [String: String] = [:]

    public init(guest: Guest) { self.guest = guest }
}
