public import Probes

/// Runs builds.
public struct BuildAction: Sendable, Codable {
    public var recipes: [BuildRecipe] = []
    /// Nil until the plan is made: then the matrix's value, else `installed`.
    public var builders: [String]?
    /// Whether a named builder that cannot serve this caller is skipped.
    public var isOptional = false
    /// Build only for the host's own platform.
    public var isNativeOnly = false

    /// Stands for every installed builder.
    public static let installed = "installed"

    static let form = Form(
        name: "a build step", about: "Has builders build, and opens what they made.", empty: Self(),
        keys: [
            .required(
                Action.Kind.build.rawValue, \.recipes, .list(of: Vocabulary.recipe),
                "Contexts, see assay list contexts."),
            .optional(
                "builder", \.builders, .list(of: Vocabulary.builder),
                "Default: installed, which is every builder that is."),
            .preset(
                "optional", \.isOptional, .flag,
                "A builder that is named and cannot serve this caller is a skip, not an open question."),
            .preset("native-only", \.isNativeOnly, .flag, "Only for the host's own platform."),
        ])
}
