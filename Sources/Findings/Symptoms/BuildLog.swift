/// What a build printed, as lines that belong to steps.
///
/// It reads the plain forms of BuildKit, buildah, podman, docker's classic builder and kaniko, and traces of shells. What CI engines put around lines
/// (time stamps, colours, sections, `##[error]`) is left out.
public struct BuildLog: Sendable {
    /// Larger logs are read from so many bytes before their end: the cause stands near the end.
    public static let largest = 16 << 20

    /// A command that a builder or a shell ran.
    public struct Step: Sendable {
        public enum End: Sendable { case open, done, failed, cancelled }

        /// As `linux/arm64`; nil where the log does not say.
        public var platform: String?
        public var instruction: String
        public var end = End.open
        /// It ran a program of the image, and not from a cache.
        public var runs: Bool
        /// It is an instruction of a Dockerfile; else a command of a shell.
        public let isBuilders: Bool
        /// As BuildKit writes it, with its place among the steps.
        var name = ""
    }

    public struct Line: Sendable {
        /// From 1, in the log.
        public let number: Int
        public let text: String
        /// An index of `steps`.
        public let step: Int?
        /// What the builder says about a step, not what the step printed.
        public let isBuilders: Bool
    }

    public internal(set) var steps: [Step] = []
    /// What programs and builders said. Lines that only quote commands are left out: they say what was asked for.
    public internal(set) var lines: [Line] = []
    /// Platforms that commands asked for.
    public internal(set) var wanted: Set<String> = []
    /// Platforms that `docker buildx inspect` listed; nil where it was not asked.
    public internal(set) var listed: Set<String>?

    /// Somebody ended the build, for the time that it took or otherwise.
    public internal(set) var isCutOff = false

    /// An empty one.
    init() {}

    /// - Parameter bytes: the log; see `largest`.
    public init(_ bytes: [UInt8]) {
        var reader = BuildLogReader()
        var number = 0
        for line in bytes.suffix(Self.largest).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            // A line that a progress bar wrote over is several.
            for part in line.split(separator: UInt8(ascii: "\r")) {
                reader.read(LogText.plain(part), number: number)
            }
        }
        self = reader.log
    }

    /// - Parameter lines: what a tool printed.
    init(_ lines: [String]) { self.init(Array(lines.joined(separator: "\n").utf8)) }
}
