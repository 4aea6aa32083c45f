/// The faults of an artifact, in the order of finding: the first `mostOfKind` of each kind, and the count of each kind.
///
/// A hostile image may have a million faults; a report of a thousand is enough.
public struct ArtifactFaults: Sendable, Equatable {
    /// The most faults of one kind that are kept.
    public static let mostOfKind = 1000

    private var kept: [ArtifactFault] = []
    private var counts: [ArtifactFault.Kind: Int] = [:]

    /// How many faults of a kind were found, with those that were not kept.
    public func count(of kind: ArtifactFault.Kind) -> Int { counts[kind, default: 0] }

    /// Adds a fault. Once `mostOfKind` of its kind are kept, it is only counted.
    public mutating func append(_ fault: ArtifactFault) {
        counts[fault.kind, default: 0] += 1
        if count(of: fault.kind) <= Self.mostOfKind { kept.append(fault) }
    }

    /// Adds the faults of another part of the artifact.
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
