public import Evidence

/// A scenario, read from a file and checked.
public struct Scenario: Sendable {
    public struct Requirements: Sendable {
        public var needsRoot = false
        public var builders: [String] = []
        public var images: [String] = []
        public var programs: [String] = []
        public var files: [String] = []
        public var kernel: String?
        public var memory: String?
    }

    /// Lists of values whose combinations are run; nil: not part of the matrix.
    public struct Matrix: Sendable {
        public var interpreters: [String]?
        public var images: [String]?
        public var venues: [Venue]?
        public var builders: [String]?
        public var platforms: [String]?

        /// The most cases, more than any scenario has: the product of a few short lists can be of any size.
        static let most = 10_000

        /// How many combinations there are.
        public var count: Int {
            let counts = [interpreters?.count, images?.count, venues?.count, builders?.count, platforms?.count]
            return counts.compactMap(\.self).reduce(1) { product, count in
                let (value, isHuge) = product.multipliedReportingOverflow(by: count)
                return isHuge ? .max : value
            }
        }
    }

    var schema = ""
    public var name = ""
    public var description = ""
    public var tags: [String] = []
    public var requirements = Requirements()
    public var matrix = Matrix()
    public var timeout: Duration?
    public var retries: Int?
    public var steps: [ScenarioStep] = []
}

extension Scenario {
    /// The value of `schema:`; bumped when the meaning of existing files changes.
    static let format = "assay.scenario/1"

    /// Built on first use: most commands never read a scenario.
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
            .optional(
                "platform", \.platforms, .list(of: Vocabulary.platform),
                "Whose programs are meant, for steps that name none."),
        ])
}
