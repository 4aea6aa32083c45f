import Builders
import Findings
import Probes
import Sandbox

/// The format of a scenario file, `assay.scenario/1`.
public enum ScenarioFormat {
    /// The value of `schema:`; bumped when a file of today would mean something else.
    public static let name = "assay.scenario/1"

    /// Built where it is asked for: most commands never read a scenario.
    static func scenario() -> ObjectShape {
        ObjectShape(
            name: "a scenario", about: "A file of steps, with what must hold.",
            fields: [
                .init(
                    "schema", .text(.words("\"\(name)\"", [name])), required: true, "The format's name and version."),
                .init("name", .text(.identifier), required: true, "Unique among the files of a run."),
                .init("description", .text(.any), required: true, "The question that it answers."),
                .init("tags", .list(.text(.identifier)), "For --tag."),
                .init(
                    "requires", .object(requirements), "Where one is missing, the steps are skipped, with the reason."),
                .init("matrix", .object(matrix), "The scenario is run once for each combination."),
                .init("timeout", .text(.duration), "For each step that has none of its own."),
                .init(
                    "retries", .integer(0...10), "Further attempts at a step that failed; --retries where not given."),
                .init(
                    "steps", .list(.variant(steps())), required: true,
                    "Independent of each other unless they say needs."),
            ])
    }

    static let requirements = ObjectShape(
        name: "requires", about: "What the host must have.",
        fields: [
            .init("root", .flag, "CAP_SYS_ADMIN in the own user namespace."),
            .init("builder", .list(.text(namedBuilder)), "Builders that must be installed."),
            .init("image", .list(.text(image)), "Images that must have been built (ci/images build NAME)."),
            .init("program", .list(.text(.any)), "Programs that must be in PATH."),
            .init("file", .list(.text(.any)), "Files that must be there; a path is relative to the scenario file."),
            .init("kernel", .text(.version), "The oldest kernel."),
            .init("memory", .text(.size), "The least memory of the machine."),
        ])

    static let matrix = ObjectShape(
        name: "matrix", about: "Values for what steps leave open.",
        fields: [
            .init("interpreter", .list(.text(interpreter)), "host, or a QEMU to register in a private registry."),
            .init("image", .list(.text(image)), "For steps that name none."),
            .init("venue", .list(.text(venue)), "For steps that name none."),
            .init("builder", .list(.text(builder)), "For build steps that name none."),
        ])

    static let expectation = ObjectShape(
        name: "expect", about: "What must come of a step, where that is not simply a pass.",
        fields: [
            .init(
                "outcome", .text(.words("an outcome", Outcome.allCases.map(\.rawValue))),
                "Of all its checks together; left open where findings are named, else pass."),
            .init("findings", .list(.text(finding)), "Each of these must appear."),
            .init("only", .flag, "No other finding above info may appear."),
            .init("detail", .text(.any), "Must stand in what some check says."),
        ])

    static let limits = ObjectShape(
        name: "limit", about: "What the step may use.",
        fields: [
            .init(
                "memory", .text(.size),
                "Of a cgroup where one can be made, else address space (RLIMIT_AS) beyond what assay itself has."),
            .init("disk", .text(.size), "Of a file system of its own, on which TMPDIR is."),
        ])

    static let venue = TextRule.words("a venue", Venue.allCases.map(\.rawValue))
    static let finding = TextRule.words("a finding", FindingCode.allCases.map(\.rawValue))
    static let recipe = TextRule.words("a build context", BuildRecipe.allCases.map(\.rawValue))
    static let image = TextRule.open(
        "an image, or the path of a rootfs tarball (/PATH, or ./PATH from this file)",
        SuiteImages.names
    ) {
        $0.hasPrefix("/") || $0.hasPrefix("./")
    }
    static let namedBuilder = TextRule.open("a builder", BuilderCatalogue.all.map(\.name)) {
        BuilderCatalogue.driver($0) != nil
    }
    static let builder = TextRule.open(
        namedBuilder.name, namedBuilder.examples + ["installed"], isRight: namedBuilder.isRight)
    static let interpreter = TextRule.open("host, or the absolute path of an interpreter", ["host"]) {
        $0.hasPrefix("/")
    }
}
