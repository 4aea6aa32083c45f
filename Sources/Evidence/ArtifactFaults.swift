/// The faults of an artifact in the order in which they were found: the first of each kind, and how many there are.
///
/// A hostile image has a million faults. A report that names a thousand of them says as much.
public struct ArtifactFaults: Sendable, Equatable {
    /// The most faults of one kind that are kept.
    public static let mostOfKind = 1000

    private var kept: [ArtifactFault] = []
    private var counts: [ArtifactFault.Kind: Int] = [:]

    /// How many faults of a kind there are, those that are not kept among them.
    public func count(of kind: ArtifactFault.Kind) -> Int { counts[kind, default: 0] }

    /// Keeps a fault, or only counts it where a thousand of its kind are kept.
    public mutating func append(_ fault: ArtifactFault) {
        counts[fault.kind, default: 0] += 1
        if count(of: fault.kind) <= Self.mostOfKind { kept.append(fault) }
    }

    /// Goes on with the faults of another part of the artifact.
    public static func += (faults: inout ArtifactFaults, others: ArtifactFaults) {
        for fault in others { faults.append(fault) }
        for (kind, count) in others.counts { faults.counts[kind, default: 0] += Swift.max(0, count - mostOfKind) }
    }
}

extension ArtifactFaults: RandomAccessCollection {
    public var startIndex: Int { kept.startIndex }
    public var endIndex: Int { kept.endIndex }
    public subscript(position: Int) -> ArtifactFault { kept[position] }
}

extension ArtifactFaults: ExpressibleByArrayLiteral {
    public init(arrayLiteral faults: ArtifactFault...) {
        for fault in faults { append(fault) }
    }
}
