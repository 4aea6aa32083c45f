import Evidence
import Sandbox

/// A scenario file, read and found right.
struct Scenario: Sendable {
    struct Requirements: Sendable {
        var needsRoot = false
        var builders: [String] = []
        var images: [String] = []
        var programs: [String] = []
        var files: [String] = []
        var kernel: String?
        var memory: String?
    }

    /// Nil: not spread.
    struct Matrix: Sendable {
        var interpreters: [String]?
        var images: [String]?
        var venues: [Venue]?
        var builders: [String]?
    }

    var schema = ""
    var name = ""
    var description = ""
    var tags: [String] = []
    var requirements = Requirements()
    var matrix = Matrix()
    var timeout: Duration?
    var retries: Int?
    var steps: [ScenarioStep] = []
}

extension Scenario {
    /// The value of `schema:`; bumped when a file of today would mean something else.
    static let format = "assay.scenario/1"

    /// Built where it is asked for: most commands never read a scenario.
    static let form = Form(
        name: "a scenario", about: "A file of steps, with what must hold.", empty: Scenario(),
        keys: [
            .required(
                "schema", \.schema, .text(.words("\"\(format)\"", [format])), "The format's name and version."),
            .required("name", \.name, Vocabulary.name, "Unique among the files of a run."),
            .required("description", \.description, Vocabulary.words, "The question that it answers."),
            .preset("tags", \.tags, .list(of: Vocabulary.name), "For --tag."),
            .preset(
                "requires", \.requirements, .object(Requirements.form),
                "Where one is missing, the steps are skipped, with the reason."),
            .preset("matrix", \.matrix, .object(Matrix.form), "The scenario is run once for each combination."),
            .optional("timeout", \.timeout, .duration, "For each step that has none of its own."),
            .optional(
                "retries", \.retries, .integer(0...10),
                "Further attempts at a step that failed; --retries where not given."),
            .required(
                "steps", \.steps, .list(of: .variant(ScenarioStep.forms)),
                "Independent of each other unless they say needs."),
        ])
}

extension Scenario.Requirements {
    static let form = Form(
        name: "requires", about: "What the host must have.", empty: Self(),
        keys: [
            .preset("root", \.needsRoot, .flag, "CAP_SYS_ADMIN in the own user namespace."),
            .preset("builder", \.builders, .list(of: Vocabulary.namedBuilder), "Builders that must be installed."),
            .preset(
                "image", \.images, .list(of: Vocabulary.image),
                "Images that must have been built (ci/images build NAME)."),
            .preset("program", \.programs, .list(of: Vocabulary.words), "Programs that must be in PATH."),
            .preset(
                "file", \.files, .list(of: Vocabulary.words),
                "Files that must be there; a path is relative to the scenario file."),
            .optional("kernel", \.kernel, .text(.version), "The oldest kernel."),
            .optional("memory", \.memory, .text(.size), "The least memory of the machine."),
        ])
}

extension Scenario.Matrix {
    static let form = Form(
        name: "matrix", about: "Values for what steps leave open.", empty: Self(),
        keys: [
            .optional(
                "interpreter", \.interpreters, .list(of: Vocabulary.interpreter),
                "host, or a QEMU to register in a private registry."),
            .optional("image", \.images, .list(of: Vocabulary.image), "For steps that name none."),
            .optional("venue", \.venues, .list(of: Vocabulary.venue), "For steps that name none."),
            .optional(
                "builder", \.builders, Vocabulary.builders, "For build steps that name none; all is each that is known."
            ),
        ])
}
