/// Words of `--builder` that are not the name of a builder.
enum BuilderOption {
    static let none = "none"
    static let any = "any"
}
