public import Evidence

/// One result of the TAP 14 stream that a probe program prints, see `Images/core/README.md` and <https://testanything.org/tap-version-14-specification.html>.
public struct StreamedResult: Sendable, Equatable {
    public var name: String
    /// `ok`, `not ok` or `skip`.
    public var verdict: String
    public var skipReason: String
    /// The YAML diagnostics: scalars by key, strings unescaped.
    public var diagnostics: [String: String]

    /// Whether the proof is that of this nonce, machine and result.
    public func isProven(nonce: String, machine: String) -> Bool {
        let value = Proof.value(
            nonce: nonce, name: name, verdict: verdict, machine: machine, seen: diagnostics["seen"] ?? "")
        return diagnostics["nonce"] == nonce && diagnostics["proof"] == value
    }
}

/// A result stream, or the part of it that arrived.
public struct ResultStream: Sendable {
    /// Whether the first line was `TAP version 14`.
    public var isTAP = false
    /// From `# assay.probe/1 image=… machine=…`.
    public var machine: String?
    /// How the program began, from the same line; nil if the line does not tell.
    public var start: InitialStack?
    public var results: [StreamedResult] = []

    /// First bytes of the known lines. Only these are compared: a foreign line may be a megabyte of anything.
    private enum Line {
        static let version = Array("TAP version 14".utf8)
        static let end = Array("  ...".utf8)
        static let begin = Array("  ---".utf8)
        static let head = Array("# assay.probe/1 ".utf8)
        static let ok = Array("ok ".utf8)
        static let notOK = Array("not ok ".utf8)
        static let dash = Array(" - ".utf8)
        static let skip = Array(" # SKIP".utf8)
        static let colon = Array(": ".utf8)
    }

    /// Parses a stream. Foreign lines are skipped: a result counts only with its proof.
    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// The same, for bytes.
    public init(_ bytes: [UInt8]) {
        var inDiagnostics = false
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            if number == 0 { isTAP = line.elementsEqual(Line.version) }
            if inDiagnostics {
                if line.elementsEqual(Line.end) {
                    inDiagnostics = false
                } else if let (key, value) = Self.scalar(line), !results.isEmpty {
                    results[results.count - 1].diagnostics[key] = value
                }
            } else if line.elementsEqual(Line.begin) {
                inDiagnostics = true
            } else if line.starts(with: Line.head) {
                let words = String(decoding: line, as: UTF8.self).split(separator: " ")
                func value(_ key: String) -> String? {
                    words.first { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.utf8.count + 1)) }
                }
                machine = value("machine")
                guard let hwcap = value("hwcap").flatMap({ UInt64($0, radix: 16) }),
                    let hwcap2 = value("hwcap2").flatMap({ UInt64($0, radix: 16) })
                else { continue }
                start = InitialStack(
                    hwcap: hwcap, hwcap2: hwcap2, executes: value("executes").flatMap { UInt64($0, radix: 16) },
                    shift: value("arguments").flatMap(InitialStack.Shift.init))
            } else if let result = Self.result(line) {
                results.append(result)
            }
        }
    }

    /// The probe's name in a result line; nil for other lines.
    static func name(ofResult line: ArraySlice<UInt8>) -> String? { result(line)?.name }

    /// `ok 1 - group.fact # SKIP reason`
    private static func result(_ line: ArraySlice<UInt8>) -> StreamedResult? {
        let ok = line.starts(with: Line.ok)
        guard ok || line.starts(with: Line.notOK), let dash = range(of: Line.dash, in: line) else { return nil }
        let rest = line[dash.upperBound...]
        guard let directive = range(of: Line.skip, in: rest) else {
            return StreamedResult(
                name: String(decoding: rest, as: UTF8.self), verdict: ok ? "ok" : "not ok", skipReason: "",
                diagnostics: [:])
        }
        let reason = rest[directive.upperBound...].drop { $0 == UInt8(ascii: " ") }
        return StreamedResult(
            name: String(decoding: rest[..<directive.lowerBound], as: UTF8.self), verdict: "skip",
            skipReason: String(decoding: reason, as: UTF8.self), diagnostics: [:])
    }

    private static func range(of part: [UInt8], in line: ArraySlice<UInt8>) -> Range<Int>? {
        var from = line.startIndex
        while let start = line[from...].firstIndex(of: part[0]) {
            if line[start...].starts(with: part) { return start..<start + part.count }
            from = start + 1
        }
        return nil
    }

    /// Reads `  key: value`. A string is in double quotes, with JSON's escapes.
    private static func scalar(_ line: ArraySlice<UInt8>) -> (String, String)? {
        guard let colon = range(of: Line.colon, in: line) else { return nil }
        let key = String(decoding: line[..<colon.lowerBound].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
        let quote = UInt8(ascii: "\"")
        let bytes = line[colon.upperBound...]
        let value = String(decoding: bytes, as: UTF8.self)
        guard bytes.first == quote, bytes.last == quote, bytes.count >= 2 else { return (key, value) }
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
