/// The kinds of steps.
extension ScenarioFormat {
    static func steps() -> [ObjectShape] { single + [fault(), measure] }

    private static let single = [inspect, probe, build, artifact, run]

    /// Those that may stand inside a fault: limits and expectations are the fault's.
    private static var inner: [ObjectShape] {
        let outer = Set(common.map(\.key)).subtracting(["name"])
        return single.map { step in
            ObjectShape(name: step.name, about: step.about, fields: step.fields.filter { !outer.contains($0.key) })
        }
    }

    static let common: [ObjectShape.Field] = [
        .init("name", .text(.identifier), "Unique in its scenario; the kind of step where there is one of it."),
        .init("needs", .list(.text(.identifier)), "Steps that must be done before."),
        .init("alone", .flag, "Nothing else runs at the same time; measured steps are alone by themselves."),
        .init("timeout", .text(.duration), "After this time the step is ended, with all that it started."),
        .init("retries", .integer(0...10), "Further attempts where it failed."),
        .init("environment", .map(.text(.any)), "Variables (QEMU_CPU and the like) for this step."),
        .init("limit", .object(limits), "What it may use."),
        .init("expect", .object(expectation), "What must come of it, where that is not simply a pass."),
    ]

    private static let place: [ObjectShape.Field] = [
        .init("image", .text(image), "Default: core."),
        .init("venue", .list(.text(venue)), "Default: container."),
    ]

    private static let inspect = ObjectShape(
        name: "an inspect step", about: "Reads the emulation path and runs the smallest probe, as assay host does.",
        fields: [.init("inspect", .text(.words("what to inspect: host", ["host"])), required: true, "host.")] + common)

    private static let probe = ObjectShape(
        name: "a probe step", about: "Runs probes of an image.",
        fields: [.init("probe", .list(.text(.pattern)), required: true, "Names, or patterns (exec.*).")] + place
            + common)

    private static let build = ObjectShape(
        name: "a build step", about: "Has builders build, and opens what they made.",
        fields: [
            .init("build", .list(.text(recipe)), required: true, "Contexts, see assay list contexts."),
            .init("builder", .list(.text(builder)), "Default: installed, which is every builder that is."),
            .init(
                "optional", .flag,
                "A builder that is named and cannot serve this caller is a skip, not an open question."),
            .init("native-only", .flag, "Only for the host's own platform."),
        ] + common)

    private static let artifact = ObjectShape(
        name: "an artifact step", about: "Opens an OCI layout or an archive.",
        fields: [
            .init("artifact", .text(.any), required: true, "Its path; relative to the scenario file."),
            .init("platform", .text(.any), "Default: linux/arm64."),
        ] + common)

    private static let run = ObjectShape(
        name: "a run step", about: "Runs a program of an image, or of the host, and compares what it says.",
        fields: [
            .init("run", .list(.text(.any)), required: true, "The whole argument vector."),
            .init(
                "image", .text(programImage),
                "Default: core; host: natively, a program in PATH, or a path, relative to the scenario file."),
            .init("venue", .list(.text(venue)), "Default: container."),
            .init("status", .integer(0...255), "The exit status; default 0."),
            .init(
                "undetermined", .integer(1...255),
                "The exit status by which the program says that it could not find out: neither right nor wrong."),
            .init("output", .text(.anyOrNone), "Standard output, whole, without the last line end."),
            .init("contains", .list(.text(.any)), "Each must stand in standard output."),
            .init("repeat", .integer(1...100_000), "So many runs, all of which must be alike."),
            .init("side-by-side", .text(.count), "So many at once; default 1."),
        ] + common)

    private static let programImage = TextRule.open(
        "host, an image, or the path of a rootfs tarball (/PATH, or ./PATH from this file)",
        ["host"] + SuiteImages.names
    ) { image.isRight($0) }

    private static func fault() -> ObjectShape {
        ObjectShape(
            name: "a fault step",
            about:
                "Injects a drill's fault in a private registry, and makes its steps there: the host is never touched.",
            fields: [
                .init("fault", .text(.words("a drill", SuiteDrills.names)), required: true, "See assay drill --list."),
                .init(
                    "delay", .text(.duration),
                    "The last act of the drill comes so much later, while the steps run."),
                .init(
                    "steps", .list(.variant(inner)),
                    "Made one after the other, with no other keys than their own and name. Default: the drill's own probes, with what it proves as expectation."
                ),
            ] + common)
    }

    private static let measure = ObjectShape(
        name: "a measure step", about: "Holds the time of one step against that of another.",
        fields: [
            .init("measure", .text(.identifier), required: true, "The step that is judged."),
            .init("baseline", .text(.identifier), required: true, "The step that it is held against."),
            .init("at-most", .number, required: true, "How many times the baseline's time it may take."),
            .init("name", .text(.identifier), "Unique in its scenario; measure where there is one of it."),
        ])
}
