import Testing

@testable import Probes

@Suite("The result stream") struct ResultStreamTests {
    @Test("results come in order with their diagnostics") func whole() {
        var writer = StreamWriter()
        writer.add("exec.static")
        writer.add("fp.rounding", "not ok", seen: "0x3fd5")
        writer.add("cpu.sve", "skip")
        let stream = ResultStream(writer.text)
        #expect(stream.isTAP)
        #expect(stream.machine == "aarch64")
        #expect(stream.results.map(\.name) == ["exec.static", "fp.rounding", "cpu.sve"])
        #expect(stream.results.map(\.verdict) == ["ok", "not ok", "skip"])
        #expect(stream.results[2].skipReason == "not here")
        #expect(stream.results[1].diagnostics["seen"] == "0x3fd5")
        #expect(stream.results[0].diagnostics["duration_us"] == "120")
        #expect(stream.results.allSatisfy { $0.isProven(nonce: writer.nonce, machine: "aarch64") })
    }

    @Test("a proof counts for its nonce, its machine and its verdict only") func unproven() {
        var writer = StreamWriter()
        writer.add("exec.static")
        let result = ResultStream(writer.text).results[0]
        #expect(!result.isProven(nonce: "fedcba9876543210", machine: "aarch64"))
        #expect(!result.isProven(nonce: writer.nonce, machine: "x86_64"))
        let forged = ResultStream(writer.text.replacing("ok 1 -", with: "not ok 1 -")).results[0]
        #expect(forged.verdict == "not ok" && !forged.isProven(nonce: writer.nonce, machine: "aarch64"))
        let renamed = ResultStream(writer.text.replacing("exec.static", with: "exec.chain")).results[0]
        #expect(!renamed.isProven(nonce: writer.nonce, machine: "aarch64"))
    }

    @Test("the right proof beside another nonce is not proof") func foreignNonce() {
        var writer = StreamWriter()
        writer.add("exec.static")
        let text = writer.text.replacing("nonce: \"\(writer.nonce)\"", with: "nonce: \"00\"")
        #expect(!ResultStream(text).results[0].isProven(nonce: writer.nonce, machine: "aarch64"))
    }

    @Test("cut anywhere, the stream neither crashes nor proves what did not come whole") func truncated() {
        var writer = StreamWriter()
        writer.add("exec.static")
        writer.add("uname.machine", seen: "x")
        let text = writer.text
        let secondProof = text.ranges(of: "proof: ")[1].upperBound
        for end in text.indices {
            let stream = ResultStream(String(text[..<end]))
            let proven = stream.results.filter { $0.isProven(nonce: writer.nonce, machine: "aarch64") }
            #expect(proven.count <= 2)
            if end < text.index(secondProof, offsetBy: 18) {
                #expect(!proven.contains { $0.name == "uname.machine" })
            }
        }
    }

    @Test("lines that do not belong are passed over, between results and inside them") func noise() {
        var writer = StreamWriter()
        writer.add("exec.static", extra: ["qemu: Unsupported syscall: 435", "note: \"limit-x: y\""])
        writer.lines.insert("qemu: warning", at: 3)
        writer.lines += ["Bail out", "ok", "not ok", "okay 4 - no", "# comment", ""]
        writer.add("uname.machine")
        let stream = ResultStream(writer.text)
        #expect(stream.results.map(\.name) == ["exec.static", "uname.machine"])
        #expect(stream.results[0].diagnostics["note"] == "limit-x: y")
        #expect(stream.results.allSatisfy { $0.isProven(nonce: writer.nonce, machine: "aarch64") })
    }

    @Test(
        "a stream that does not begin as TAP 14 says is not one",
        arguments: ["", "TAP version 13\n", "\nTAP version 14\n", "TAP version 14 \n"])
    func notTAP(text: String) {
        #expect(!ResultStream(text).isTAP)
    }

    @Test("strings come without their quotes and escapes") func escapes() {
        let text = #"""
            TAP version 14
            ok 1 - a.b
              ---
              seen: "a \"b\" \\ \n\tA: é"
              note: ""
              plain: 12
              ...

            """#
        let diagnostics = ResultStream(text).results[0].diagnostics
        #expect(diagnostics["seen"] == "a \"b\" \\ \n\tA: é")
        #expect(diagnostics["note"] == "")
        #expect(diagnostics["plain"] == "12")
    }

    @Test(
        "an escape that is cut off ends the string, not the program",
        arguments: [#""a\""#, #""a\u00""#, #""a\uzzzz""#, #"""#])
    func brokenEscapes(value: String) {
        let stream = ResultStream("TAP version 14\nok 1 - a.b\n  ---\n  seen: \(value)\n  ...\n")
        #expect(stream.results.count == 1)
    }

    @Test("bytes that are no text do not hide the results around them") func garbage() {
        var writer = StreamWriter()
        writer.add("exec.static")
        let bytes = Array("TAP version 14\n".utf8) + [0xff, 0x00, 0xc3, 0x0a] + Array(writer.text.utf8)
        let stream = ResultStream(String(decoding: bytes, as: UTF8.self))
        #expect(stream.results.map(\.name) == ["exec.static"])
    }
}
