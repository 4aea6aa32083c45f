import Evidence

/// Cause and remedy for an artifact's faults, about its own files. The catalogue's text covers everything that a code
/// may mean.
struct FaultWords {
    typealias Text = (cause: String, remedy: String)

    /// The artifact, as the user named it.
    let artifact: String

    /// The most reasons in one text. All of them are in the evidence.
    private static let mostReasons = 3

    /// - Parameter faults: faults of one kind, at least one.
    func text(_ faults: [ArtifactFault]) -> (cause: String?, remedy: String?) {
        var seen: Set<ArtifactFault.Reason?> = []
        let examples = faults.filter { seen.insert($0.reason).inserted }.prefix(Self.mostReasons)
        let texts = examples.compactMap {
            ScriptWords(fault: $0).text ?? ProgramWords(fault: $0).text ?? DocumentWords(fault: $0).text
        }
        let entry = faults[0].kind.code.entry
        let cause = texts.isEmpty ? nil : texts.map(\.cause).joined(separator: " ")
        var remedy = texts.isEmpty ? nil : texts.map(\.remedy).joined(separator: "; ")
        if let line = Self.allowance(faults[0]) {
            remedy = (remedy ?? entry.remedy) + "; if it is to be as it is: --policy FILE, with the line: \(line)"
        }
        return (cause, remedy)
    }

    /// The line of a policy that allows a fault; nil if none can.
    private static func allowance(_ fault: ArtifactFault) -> String? {
        switch fault.kind {
        case .foreignBinary, .loaderMissing, .entrypointMissing:
            word(fault.path).map { "allow \(fault.kind.code.rawValue) \($0)" }
        default: nil
        }
    }

    /// A path as a policy has it, in quotes where something in it would mean something else; nil if no line can have it.
    private static func word(_ path: String) -> String? {
        let special: Set<Unicode.Scalar> = ["\"", "\\", "#", "*", "?"]
        if path.unicodeScalars.contains("\n") || path.isEmpty { return nil }
        guard path.unicodeScalars.contains(where: { special.contains($0) || $0.properties.isWhitespace }) else {
            return path
        }
        return "\"\(path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    /// For example `layer 2 of 3: COPY tool /usr/bin/`.
    static func described(_ place: ArtifactFault.Place) -> String {
        "layer \(place.number) of \(place.count)" + (place.instruction.map { ": \($0)" } ?? "")
    }
}

extension ArtifactFault {
    /// The file that must be repaired, and what put it there.
    var culpritWithPlace: String {
        // The layer of a file that is only named as an interpreter is not known.
        guard culprit == nil, let place else { return culprit ?? path }
        return "\(path) (\(FaultWords.described(place)))"
    }

    /// What must be changed in the Dockerfile.
    var instruction: String {
        culprit == nil ? place?.instruction.map { "the instruction \($0)" } ?? "the Dockerfile" : "the Dockerfile"
    }
}
