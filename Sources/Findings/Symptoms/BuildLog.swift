/// What a build printed, as lines that belong to steps.
///
/// Reads the plain forms and the JSON form of BuildKit, and the plain forms of buildah, podman, docker's classic builder and kaniko, and traces of shells.
/// Removes what CI engines add to lines: time stamps, colours, sections, `##[error]`.
public struct BuildLog: Sendable {
    /// How much of a log is read, in bytes before its end: the cause is near the end.
    public static let largest = 16 << 20

    /// A command that a builder or a shell ran.
    public struct Step: Sendable {
        /// How a step ended; `open`: the log does not tell.
        public enum End: Sendable { case open, done, failed, cancelled }

        /// For example `linux/arm64`; nil if the log does not say.
        public var platform: String?
        public var instruction: String
        public var end = End.open
        /// Whether it ran a program of the image, and not from a cache.
        public var runs: Bool
        /// Whether it is an instruction of a Dockerfile; else it is a command of a shell.
        public let isBuilders: Bool
        /// The name that BuildKit prints, with its place among the steps.
        var name = ""
    }

    /// A line that a program or a builder printed.
    public struct Line: Sendable {
        /// The line's number in the log, from 1.
        public let number: Int
        public let text: String
        /// An index of `steps`.
        public let step: Int?
        /// Whether the builder says it about a step; else the step printed it.
        public let isBuilders: Bool
    }

    public internal(set) var steps: [Step] = []
    /// What programs and builders said. Without the lines that only quote commands: these say what was asked for.
    public internal(set) var lines: [Line] = []
    /// The platforms that commands asked for.
    public internal(set) var wanted: Set<String> = []
    /// The platforms that `docker buildx inspect` listed; nil if it was not run.
    public internal(set) var listed: Set<String>?

    /// The platform of an image of which a tool says that it is not the host's.
    public internal(set) var foreign: String?

    /// Whether somebody ended the build, because of its time or for another reason.
    public internal(set) var isCutOff = false

    /// An empty log.
    init() {}

    /// - Parameter bytes: the log. Only its last `largest` bytes are read.
    public init(_ bytes: [UInt8]) {
        var reader = BuildLogReader()
        var raw = RawProgress()
        var number = 0
        for line in bytes.suffix(Self.largest).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if let plain = raw.plain(line) {
                for text in plain { reader.read(LogText.plain(text.utf8), number: number) }
                continue
            }
            // A progress bar overwrites its line: that makes several lines.
            for part in line.split(separator: UInt8(ascii: "\r")) {
                reader.read(LogText.plain(part), number: number)
            }
        }
        self = reader.log
    }

    /// - Parameter lines: what a tool printed.
    init(_ lines: [String]) { self.init(Array(lines.joined(separator: "\n").utf8)) }
}
