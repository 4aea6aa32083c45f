import Testing

@testable import Probes

@Suite("The proof") struct ProofTests {
    @Test("it is the value that the documented algorithm gives, computed by hand for two results") func documented() {
        #expect(
            Proof.value(nonce: "0123456789abcdef", name: "exec.static", verdict: "ok", machine: "aarch64", seen: "")
                == "3c4cfb42c9a4085f")
        #expect(
            Proof.value(
                nonce: "0123456789abcdef", name: "fp.rounding", verdict: "not ok", machine: "aarch64",
                seen: "0x3fd5555555555555") == "7e644e73f7c377d4")
    }

    @Test("it agrees with an independent computation", arguments: ["", "a", "0123456789abcdef", "ff00"])
    func independent(nonce: String) {
        for name in ["exec.static", "fp.rounding", ""] {
            for verdict in ["ok", "not ok", "skip"] {
                for machine in ["aarch64", "x86_64"] {
                    for seen in ["", "0x1", "tab\tand \"quote\""] {
                        #expect(
                            Proof.value(nonce: nonce, name: name, verdict: verdict, machine: machine, seen: seen)
                                == StreamWriter.proof(
                                    nonce: nonce, name: name, verdict: verdict, machine: machine, seen: seen))
                    }
                }
            }
        }
    }

    @Test("each of its parts changes it, and the parts cannot be shifted into each other") func parts() {
        let values = [
            ("n", "a.b", "ok", "aarch64", ""), ("m", "a.b", "ok", "aarch64", ""), ("n", "a.c", "ok", "aarch64", ""),
            ("n", "a.b", "skip", "aarch64", ""), ("n", "a.b", "not ok", "aarch64", ""),
            ("n", "a.b", "ok", "x86_64", ""), ("n", "a.b", "ok", "aarch64", "x"), ("na", ".b", "ok", "aarch64", ""),
        ].map { Proof.value(nonce: $0.0, name: $0.1, verdict: $0.2, machine: $0.3, seen: $0.4) }
        #expect(Set(values).count == values.count)
        #expect(values.allSatisfy { $0.utf8.count == 16 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test("a nonce is 32 hexadecimal digits, and another each time") func nonce() {
        let nonces = (0..<100).map { _ in Proof.freshNonce() }
        #expect(Set(nonces).count == 100)
        #expect(nonces.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy { "0123456789abcdef".contains($0) } })
    }
}
