/// An input file that is not what it should be.
public struct MalformedInput: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
