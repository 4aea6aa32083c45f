import Builders
import Evidence
import Findings
import Guest
import Probes

/// The words of the format, and what they stand for.
enum Vocabulary {
    static let venue = Typed<Venue>.word("a venue", definition: "venue")
    static let finding = Typed<FindingCode>.word("a finding", definition: "finding")
    static let outcome = Typed<Outcome>.word("an outcome", definition: "outcome")
    static let recipe = Typed<BuildRecipe>.word("a build context", definition: "build-context")
    static let name = Typed<String>.text(.identifier)
    static let words = Typed<String>.text(.any)
    static let drill = Typed<String>.text(
        .words("a drill", SuiteDrills.names + [FaultAction.all], definition: "drill"))

    private static let isImage: @Sendable (String) -> Bool = {
        SuiteImages.names.contains($0) || $0.hasPrefix("/") || $0.hasPrefix("./")
    }
    static let image = Typed<String>.text(
        .open(
            "an image, or the path of a rootfs tarball (/PATH, or ./PATH from this file)", SuiteImages.names,
            definition: "image", isRight: isImage))
    static let programImage = Typed<String>.text(
        .open(
            "host, an image, or the path of a rootfs tarball (/PATH, or ./PATH from this file)",
            [RunAction.host] + SuiteImages.names, definition: "image-or-host", isRight: isImage))

    static let platform = Typed<String>.text(
        .words("a platform", Guest.all.map(\.platform), definition: "platform"))

    private static let isBuilder: @Sendable (String) -> Bool = { BuilderCatalogue.driver($0) != nil }
    static let namedBuilder = Typed<String>.text(
        .open("a builder", BuilderCatalogue.all.map(\.name), definition: "named-builder", isRight: isBuilder))
    static let builder = Typed<String>.text(
        .open(
            "a builder", BuilderCatalogue.all.map(\.name) + [BuildAction.installed], definition: "builder",
            isRight: isBuilder))
    /// For --builder.
    static let builderWord = Typed<String>.text(
        .open(
            "a builder, any or none",
            BuilderCatalogue.all.map(\.name) + [Configuration.anyBuilder, Configuration.noBuilder],
            definition: "builder-any-or-none", isRight: isBuilder))
    /// For a matrix: `all` stands for every known builder, installed or not.
    static let builders: Typed<[String]> = {
        let names = BuilderCatalogue.all.map(\.name)
        let word = Typed<String>.text(
            .open(
                "a builder, or all", names + [BuildAction.installed, "all"], definition: "builder-or-all",
                isRight: isBuilder))
        let list = Typed<[String]>.list(of: word)
        return Typed(list.shape) { list.value($0)?.flatMap { $0 == "all" ? names : [$0] } }
    }()
    static let interpreter = Typed<String>.text(
        .open("host, or the absolute path of an interpreter", ["host"], definition: "interpreter") {
            $0.hasPrefix("/")
        })
}
