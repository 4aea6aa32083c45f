public import Evidence
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
    /// - Returns: what could not be removed, for people.
    func cleanUp(_ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner)
        -> [String]
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
    public func inventory(_ survey: BuilderSurvey, _ runner: ToolRunner) -> Set<String>? { [] }
    public func cleanUp(_ request: BuildRequest, _ survey: BuilderSurvey, before: Set<String>?, _ runner: ToolRunner)
        -> [String]
    { [] }
    public func release(_ survey: BuilderSurvey, _ runner: ToolRunner) -> [String] { [] }
    public var footprint: [FilePath] { [] }
}

/// One build.
public struct BuildRequest: Sendable {
    /// Holds the `Containerfile`.
    public var context: FilePath
    /// `linux/amd64`, `linux/arm64`
    public var platforms: [String]
    public var arguments: [String: String]
    /// Holds the tool's storage. Private to this trial, and removed with everything in it.
    public var work: FilePath
    /// Names what the build makes outside `work`. No other build has this label.
    public var label: String
    /// Tells this build from others with the same label.
    public var tag = "run"
    /// Whether a step may come from the tool's cache.
    public var usesCache = false
    /// The time limit of the build.
    public var timeout: Duration

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
    public static let all: [any BuilderDriver] = [Buildah(), Podman(), Docker(), Buildx(), Buildctl()]

    /// The driver for a word of `--builder`: a name of `all`, or `buildx:NAME` for one of buildx's own builders.
    public static func driver(_ word: String) -> (any BuilderDriver)? {
        if word.hasPrefix("buildx:"), word.count > 7 { return Buildx(builder: String(word.dropFirst(7))) }
        for driver in all where driver.name == word { return driver }
        return nil
    }

    /// The installed drivers; the first eligible one if none is, so that a result says so.
    public static func installed(
        where isEligible: (any BuilderDriver) -> Bool = { _ in true }
    ) -> [any BuilderDriver] {
        let eligible = all.filter(isEligible)
        let installed = eligible.filter(\.isInstalled)
        return installed.isEmpty ? Array(eligible.prefix(1)) : installed
    }
}
