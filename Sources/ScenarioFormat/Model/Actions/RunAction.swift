public import Evidence
import Sandbox

/// Runs a program, and checks its output and exit status.
public struct RunAction: Sendable, Codable {
    public var arguments: [String] = []
    /// Nil until the plan is made: then the matrix's value, else core.
    public var image: String?
    /// Nil until the plan is made: then the matrix's value, else container. A program of the host has no venue.
    public var venues: [Venue]?
    public var status = 0
    /// The exit status that means that the program could not find out.
    public var undetermined: Int?
    /// Standard output, without the last line end; nil: anything.
    public var output: String?
    public var contains: [String] = []
    public var repetitions = 1
    /// How many at once: `8`, or `4/core`.
    public var width = "1"

    /// Stands for the host itself as image.
    public static let host = "host"

    public var isNative: Bool { image == Self.host }

    static let form = Form(
        name: "a run step", about: "Runs a program of an image, or of the host, and compares what it says.",
        empty: Self(),
        keys: [
            .required(
                Action.Kind.run.rawValue, \.arguments, .list(of: Vocabulary.words), "The whole argument vector."),
            .optional(
                "image", \.image, Vocabulary.programImage,
                "Default: core; host: natively, a program in PATH, or a path, relative to the scenario file."),
            .optional("venue", \.venues, .list(of: Vocabulary.venue), "Default: container."),
            .preset("status", \.status, .integer(0...255), "The exit status; default 0."),
            .optional(
                "undetermined", \.undetermined, .integer(1...255),
                "The exit status by which the program says that it could not find out: neither right nor wrong."),
            .optional(
                "output", \.output, .text(.anyOrNone), "Standard output, whole, without the last line end."),
            .preset("contains", \.contains, .list(of: Vocabulary.words), "Each must stand in standard output."),
            .preset("repeat", \.repetitions, .integer(1...100_000), "So many runs, all of which must be alike."),
            .preset("side-by-side", \.width, .text(.count), "So many at once; default 1."),
        ])
}
