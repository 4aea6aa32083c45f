import Findings
import Guest
import Operations
import SystemPackage

@testable import Binfmt
@testable import OCI
@testable import Probes
@testable import ScenarioFormat
@testable import Suite

extension FuzzTarget {
    /// Scenario files.
    static let scenario = FuzzTarget(name: "scenario") { bytes in
        let lines = bytes.count { $0 == 10 || $0 == 13 } + bytes.count / 2 + 2
        do {
            _ = try ScenarioFile.parse(bytes, path: "scenario.yaml")
        } catch let error as ScenarioErrors {
            require(!error.errors.isEmpty, "a fault that is said")
            for fault in error.errors { require((1...lines).contains(fault.line) && fault.column > 0, "\(fault)") }
        }
    }

    /// A probe program's output, and its results. No input knows the nonce.
    static let tap = FuzzTarget(name: "tap") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let stream = ResultStream(text)
        require(stream.results.count <= bytes.count / 6 + 1, "no more results than lines")
        let nonce = Proof.freshNonce()
        for result in stream.results {
            require(!result.isProven(nonce: nonce, machine: "aarch64"), "nothing proves a nonce that it was not told")
        }
        _ = try? StepResult(text: text)
    }

    /// Policies: patterns are compared with a slow matcher that is plainly right.
    static let policy = FuzzTarget(name: "policy") { bytes in
        let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
        let policy = try ArtifactPolicy(parsing: text)
        let path = "/" + text.prefix(60)
        for rule in policy.rules.dropFirst(2).prefix(8) where rule.pattern.utf8.count < 60 {
            let (pattern, path) = (Array(rule.pattern.utf8)[...], Array(path.utf8)[...])
            require(
                PathPattern.matches(pattern, path, work: WorkBudget(limit: .max)) == SlowPattern.matches(pattern, path),
                "\(rule.pattern) on \(text.prefix(60))")
        }
    }

    /// binfmt_misc entries as the kernel shows them, and rules as it takes them.
    static let handler = FuzzTarget(name: "handler") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        for handler in [Handler(name: "qemu-aarch64", text: text), Handler(rule: text)].compactMap(\.self) {
            for guest in Guest.all { _ = handler.words(for: guest) }
            require(!handler.matches([]) || handler.isEnabledMagic, "an empty file is no program")
            guard let rule = handler.rule, handler.isWritable, let again = Handler(rule: rule) else { continue }
            require(again.isEquivalent(to: handler), "\(rule) is what it was made from")
        }
    }
}

extension Handler {
    fileprivate var isEnabledMagic: Bool {
        guard case .magic(_, let magic, _) = recognition else { return false }
        return !magic.isEmpty
    }

    /// Whether a rule can carry it: no field has a line end or a delimiter, and the mask is as long as the magic.
    fileprivate var isWritable: Bool {
        var fields = [name, interpreter ?? "", flags]
        if case .fileExtension(let text) = recognition { fields.append(text) }
        if case .magic(_, let magic, let mask) = recognition, magic.count != mask.count { return false }
        return !fields.contains { $0.contains { $0.isNewline || ":|,!;".contains($0) } }
    }
}

/// Matches path patterns as they are defined, character by character.
private enum SlowPattern {
    static func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        var reached = Set([path.startIndex])
        var rest = pattern
        while let first = rest.first {
            let isStar = first == UInt8(ascii: "*")
            let isDouble = isStar && rest.dropFirst().first == UInt8(ascii: "*")
            rest = rest.dropFirst(isDouble ? 2 : 1)
            var next = Set<Int>()
            for start in reached {
                if isStar {
                    var end = start
                    next.insert(end)
                    while end < path.endIndex, isDouble || path[end] != UInt8(ascii: "/") {
                        end += 1
                        next.insert(end)
                    }
                } else if start < path.endIndex,
                    path[start] == first || (first == UInt8(ascii: "?") && path[start] != UInt8(ascii: "/"))
                {
                    next.insert(start + 1)
                }
            }
            reached = next
        }
        return reached.contains(path.endIndex)
    }
}
