public import Evidence
import Processes
public import Sandbox
public import SystemPackage

/// One multi-arch builder, driven by its own command line. One file a builder.
public protocol BuilderDriver: Sendable {
    /// The word for `--builder`.
    var name: String { get }
    /// The oldest version that the driver is written for.
    var oldestVersion: String { get }
    /// The oldest version that understands here-documents in a Containerfile.
    var heredocsSince: String { get }
    /// Whether RUN steps run below the calling process and see its private binfmt_misc registry; a daemon's do not.
    var seesPrivateRegistry: Bool { get }
    /// A stage `FROM scratch` gets the target's platform, whatever its `--platform` says: BuildKit.
    var takesScratchForTarget: Bool { get }
    /// The program was found.
    var isInstalled: Bool { get }
    /// Names the state that only one trial at a time may use: the tool's own, or the daemon's.
    var resource: String { get }

    /// What the tool says about itself: version, endpoint, nodes and platforms, and whether it can serve this caller.
    func survey(_ runner: ToolRunner) -> BuilderSurvey
    /// The commands of a build, and the image's path. A tool that cannot build several platforms at once has a job for
    /// each.
    func jobs(_ request: BuildRequest, _ survey: BuilderSurvey) -> [BuildJob]
    /// Ids of what the tool keeps outside the work directory, to tell later what a build added; nil when unknown.
    func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>?
    /// Removes what the builds left outside the work directory. Also called after a failure or an interrupt.
    ///
    /// - Parameter before: the inventory from before the first build.
    func cleanUp(_ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner)
        -> LeftBehind
    /// Deletes the records that a daemon keeps of the builds: when, of what, with which result.
    func eraseHistory(_ request: BuildRequest, _ survey: BuilderSurvey, _ runner: ToolRunner) -> HistoryErasure
    /// Removes what trials of killed runs left in the tool's own storage, or in its daemon. Other runs of this program
    /// must not be under way.
    ///
    func removeLeftovers(_ runner: ToolRunner) -> LeftoverSearch
    /// Stops what `survey` started. Also called after an obstacle or an interrupt.
    ///
    /// - Returns: what still runs, for people.
    func release(_ survey: BuilderSurvey, _ runner: ToolRunner) -> [String]
    /// Paths outside the work directory that the tool is known to create. Those that were absent before the trial are
    /// removed after it, directories only when empty.
    var footprint: [FilePath] { get }
}

extension BuilderDriver {
    public var resource: String { name }
    public var seesPrivateRegistry: Bool { false }
    public var takesScratchForTarget: Bool { false }
    public func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>? { [] }
    public func cleanUp(_ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner)
        -> LeftBehind
    { LeftBehind() }
    public func eraseHistory(_ request: BuildRequest, _ survey: BuilderSurvey, _ runner: ToolRunner) -> HistoryErasure {
        .erased
    }
    public func release(_ survey: BuilderSurvey, _ runner: ToolRunner) -> [String] { [] }
    public var footprint: [FilePath] { [] }
}

extension BuilderDriver {
    /// Removes what trials of killed runs left in the tool's own storage, or in its daemon.
    ///
    /// - Parameter work: a directory for what the tools write.
    public func removeLeftovers(in work: FilePath) -> LeftoverSearch {
        isInstalled ? removeLeftovers(ToolRunner(supervisor: Supervisor(jobs: 1), work: work)) : .notInstalled
    }
}

/// One build.
public struct BuildRequest: Sendable {
    /// Holds the `Containerfile`.
    public var context: FilePath
    /// Each as `OS/ARCHITECTURE`.
    public var platforms: [String]
    public var arguments: [String: String]
    /// Holds the tool's storage. Private to this trial, and removed with everything in it.
    public var work: FilePath
    /// When the trial began.
    let begun = Timestamp.now
    /// Names what the build makes outside `work`. No other build has this label.
    public var label: String
    /// Tells this build from others with the same label.
    public var tag = "run"
    /// Whether a step may come from the tool's cache.
    public var usesCache = false
    /// What the context's first stage is built from, for tools that take `scratch` for the target's platform.
    var base: BaseImage?
    /// Build in the user's own storage (`BuilderSurvey.storage`), not in one below `work`.
    var usesUsersStorage = false
    /// A build was ended before its time: its daemon may go on with it for a moment.
    public var wasCancelled = false
    /// The time limit of the build.
    public var timeout: Duration

    /// The label of everything that a trial makes; its value is `label`.
    static let labelKey = "org.assay.run"

    /// `--label KEY=VALUE`: by it a record of the build is known in its daemon.
    var labelWords: [String] { ["--label", "\(Self.labelKey)=\(label)"] }

    /// Whether an image's name is one that a run of Assay gives: `localhost/assay-0123456789ab-run:latest`. Others may begin likewise.
    static func isOwn(_ name: String) -> Bool {
        let parts = (name.split(separator: "/").last ?? "").split(separator: "-")
        return parts.count > 2 && parts[0] == "assay" && parts[1].count == 12 && parts[1].allSatisfy(\.isHexDigit)
    }

    /// An image's name in a daemon, unique to the build: an image that lost its name to a later one could not be found.
    func name(_ platform: String) -> String {
        "\(label)-\(tag):\(platform.split(separator: "/").dropFirst().joined(separator: "-"))"
    }

    /// `--build-arg KEY=VALUE`, in order.
    var argumentWords: [String] {
        arguments.sorted { $0.key < $1.key }.flatMap { ["--build-arg", "\($0.key)=\($0.value)"] }
    }

    /// Where the image for these platforms goes.
    func output(_ platforms: [String]) -> FilePath {
        work.appending(
            "image-\(platforms.map { $0.split(separator: "/").joined(separator: "-") }.joined(separator: "+")).tar")
    }
}

/// What stays outside the work directory after a trial's clean-up.
public struct LeftBehind: Sendable, Equatable {
    /// What could not be removed, for people.
    public var failures: [String] = []
    /// How many records of the cache came during the trial and are in use: by another build, or by the daemon itself.
    public var held = 0

    public init(failures: [String] = [], held: Int = 0) {
        self.failures = failures
        self.held = held
    }
}

/// Commands that build for some platforms and leave one archive.
public struct BuildJob: Sendable {
    public var platforms: [String]
    /// In order; the first that fails ends the job.
    public var steps: [Launch]
    /// An OCI or docker archive.
    public var output: FilePath
}

/// The builders that Assay knows. A new one is a file, and a line here.
public enum BuilderCatalogue {
    public static let all = all(with: BuilderOptions())

    public static func all(with options: BuilderOptions) -> [any BuilderDriver] {
        [Buildah(), Podman(), Docker(), Buildx(), Buildctl(options: options)]
    }

    /// The driver for a word of `--builder`: a name of `all`, or `buildx:NAME` for one of buildx's own builders.
    public static func driver(_ word: String, with options: BuilderOptions = BuilderOptions()) -> (any BuilderDriver)? {
        if word.hasPrefix("buildx:"), word.count > 7 { return Buildx(builder: String(word.dropFirst(7))) }
        for driver in all(with: options) where driver.name == word { return driver }
        return nil
    }

    /// The installed drivers; the first eligible one if none is, so that a result says so.
    public static func installed(
        with options: BuilderOptions = BuilderOptions(), where isEligible: (any BuilderDriver) -> Bool = { _ in true }
    ) -> [any BuilderDriver] {
        let eligible = all(with: options).filter(isEligible)
        let installed = eligible.filter(\.isInstalled)
        return installed.isEmpty ? Array(eligible.prefix(1)) : installed
    }
}
