/// What came of running the smallest program in the form that another entry takes than the usual one.
public struct ShapeEvidence: Sendable, Equatable {
    /// The kind of program, for example `ET_EXEC, GNU`.
    public var shape: String
    /// The entry that the kernel chooses for it.
    public var handler: String
    public var result: ProbeEvidence.Result

    public init(shape: String, handler: String, result: ProbeEvidence.Result) {
        self.shape = shape
        self.handler = handler
        self.result = result
    }
}
