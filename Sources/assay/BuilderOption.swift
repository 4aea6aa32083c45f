/// Words of `--builder` that are no builder's name.
enum BuilderOption {
    static let none = "none"
    static let any = "any"
}
