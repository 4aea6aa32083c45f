@testable import Probes
@testable import Sandbox

/// Writes result streams as `Images/core/README.md` says a probe program does.
struct StreamWriter {
    var nonce = "0123456789abcdef"
    var machine = "aarch64"
    var lines = ["TAP version 14", "# assay.probe/1 image=core machine=aarch64", "1..3"]

    /// One result with its proof, or with another's.
    mutating func add(
        _ name: String, _ verdict: String = "ok", seen: String = "", proof: String? = nil, extra: [String] = []
    ) {
        let proof = proof ?? Self.proof(nonce: nonce, name: name, verdict: verdict, machine: machine, seen: seen)
        let head = verdict == "skip" ? "ok 1 - \(name) # SKIP not here" : "\(verdict) 1 - \(name)"
        lines += [head, "  ---", "  nonce: \"\(nonce)\"", "  proof: \"\(proof)\"", "  duration_us: 120"]
        if !seen.isEmpty { lines += ["  expected: \"other\"", "  seen: \"\(seen)\""] }
        lines += extra.map { "  \($0)" } + ["  ..."]
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// The proof, computed in another way than the product does: over one array of bytes, with 128-bit products.
    static func proof(nonce: String, name: String, verdict: String, machine: String, seen: String) -> String {
        func times(_ left: UInt64, _ right: UInt64) -> UInt64 { left.multipliedFullWidth(by: right).low }
        var bytes: [UInt8] = []
        for part in [nonce, name, verdict, machine, seen] { bytes += Array(part.utf8) + [0] }
        bytes.removeLast()
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in bytes { hash = times(hash ^ UInt64(byte), 1_099_511_628_211) }
        hash = times(hash ^ (hash / (1 << 33)), 18_397_679_294_719_823_053)
        hash = times(hash ^ (hash / (1 << 33)), 14_181_476_777_654_086_739)
        hash ^= hash / (1 << 33)
        return (0..<16).map { String(hash >> UInt64(60 - 4 * $0) & 15, radix: 16) }.joined()
    }
}

extension Termination {
    init(_ reason: Reason, output: String = "", errors: String = "") {
        self.init(reason: reason, duration: .milliseconds(7))
        self.output.bytes = Array(output.utf8)
        self.errors.bytes = Array(errors.utf8)
    }
}
