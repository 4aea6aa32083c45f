/// One result of the TAP 14 stream that a probe program prints, see `Images/core/README.md` and <https://testanything.org/tap-version-14-specification.html>.
public struct StreamedResult: Sendable, Equatable {
    public var name: String
    /// `ok`, `not ok` or `skip`.
    public var verdict: String
    public var skipReason: String
    /// The YAML diagnostics: scalars by key, strings unescaped.
    public var diagnostics: [String: String]

    /// The proof is there and is the one that this nonce, machine and result demand.
    public func isProven(nonce: String, machine: String) -> Bool {
        let value = Proof.value(
            nonce: nonce, name: name, verdict: verdict, machine: machine, seen: diagnostics["seen"] ?? "")
        return diagnostics["nonce"] == nonce && diagnostics["proof"] == value
    }
}

/// A whole result stream, or as much of it as came.
public struct ResultStream: Sendable {
    /// `TAP version 14` was the first line.
    public var isTAP = false
    /// From `# assay.probe/1 image=… machine=…`.
    public var machine: String?
    public var results: [StreamedResult] = []

    /// Parses what came. Lines that do not belong are passed over: a result counts only with its proof.
    public init(_ text: String) {
        var inDiagnostics = false
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if number == 0 { isTAP = line == "TAP version 14" }
            if inDiagnostics {
                if line == "  ..." {
                    inDiagnostics = false
                } else if let (key, value) = Self.scalar(line), !results.isEmpty {
                    results[results.count - 1].diagnostics[key] = value
                }
            } else if line == "  ---" {
                inDiagnostics = true
            } else if line.hasPrefix("# assay.probe/1 ") {
                machine = line.split(separator: " ").first { $0.hasPrefix("machine=") }.map { String($0.dropFirst(8)) }
            } else if let result = Self.result(line) {
                results.append(result)
            }
        }
    }

    /// `ok 1 - group.fact # SKIP reason`
    private static func result(_ line: Substring) -> StreamedResult? {
        let ok = line.hasPrefix("ok ")
        guard ok || line.hasPrefix("not ok "), let dash = line.firstRange(of: " - ") else { return nil }
        let rest = line[dash.upperBound...]
        guard let directive = rest.firstRange(of: " # SKIP") else {
            return StreamedResult(name: String(rest), verdict: ok ? "ok" : "not ok", skipReason: "", diagnostics: [:])
        }
        let reason = rest[directive.upperBound...].drop { $0 == " " }
        return StreamedResult(
            name: String(rest[..<directive.lowerBound]), verdict: "skip", skipReason: String(reason), diagnostics: [:])
    }

    /// `  key: value`, where a string is in double quotes with JSON's escapes.
    private static func scalar(_ line: Substring) -> (String, String)? {
        guard let colon = line.firstRange(of: ": ") else { return nil }
        let key = String(line[..<colon.lowerBound].drop { $0 == " " })
        let value = line[colon.upperBound...]
        guard value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 else { return (key, String(value)) }
        var text = ""
        var characters = value.dropFirst().dropLast().makeIterator()
        while let character = characters.next() {
            guard character == "\\", let escaped = characters.next() else {
                text.append(character)
                continue
            }
            switch escaped {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "r": text.append("\r")
            case "u":
                let digits = String((0..<4).compactMap { _ in characters.next() })
                if let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) {
                    text.unicodeScalars.append(scalar)
                }
            default: text.append(escaped)
            }
        }
        return (key, text)
    }
}
