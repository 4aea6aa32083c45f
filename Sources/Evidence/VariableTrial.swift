/// Other attempts at probes that failed, without the caller's variables that reach the emulator. Nothing here is judged.
public struct VariableTrial: Sendable, Equatable {
    /// The variables without which the probes pass. One that suffices alone is named alone.
    public var names: [String]
    /// The references of the probes that pass without the variables, and failed once more with them.
    public var cured: Set<String>

    public init(names: [String], cured: Set<String>) {
        self.names = names
        self.cured = cured
    }
}
