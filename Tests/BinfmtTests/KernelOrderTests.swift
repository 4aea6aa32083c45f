import Binfmt
import Testing

@Suite(
    "The real kernel's choice",
    .enabled(
        if: KernelTrial.isPossible, "needs user namespaces and a binfmt_misc instance of its own (Linux 6.7 or later)"))
struct KernelOrderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var steps: [String]
        var expected: [String: String]

        init(_ description: String, _ steps: [String], _ expected: [String: String]) {
            testDescription = description
            self.steps = steps
            self.expected = expected
        }
    }

    static let cases = [
        Case(
            "the newest of two that match", ["add one '' AB ''", "add two '' A ''"],
            ["AB--": "two", "AC--": "two", "BA--": "none"]),
        Case(
            "the newest, though it is the narrower", ["add two '' A ''", "add one '' AB ''"],
            ["AB--": "one", "AC--": "two"]),
        Case(
            "not a disabled one", ["add two '' A ''", "add one '' AB ''", "turn 0 one"],
            ["AB--": "two", "AC--": "two"]),
        Case("none when the only one is disabled", ["add one '' AB ''", "turn 0 one"], ["AB--": "none"]),
        Case(
            "by age, which switching off and on does not change",
            ["add one '' AB ''", "add two '' A ''", "turn 0 one", "turn 1 one"], ["AB--": "two"]),
        Case(
            "the one that was registered again",
            ["add one '' AB ''", "add two '' A ''", "turn -1 one", "add one '' AB ''"], ["AB--": "one", "AC--": "two"]),
        Case(
            "not a removed one", ["add one '' AB ''", "add two '' A ''", "turn -1 two"],
            ["AB--": "one", "AC--": "none"]),
        Case("by what is at the offset", ["add late 3 CD ''"], ["---CD-": "late", "CD----": "none", "--CD--": "none"]),
        Case(
            "by the bits of the mask", [#"add odd '' 'AB\x02' '\xff\xff\xfe'"#],
            ["AB\u{2}": "odd", "AB\u{3}": "odd", "AB\u{4}": "none"]),
        Case("as if zeroes followed a short file", [#"add short '' 'AB\x00\x00' ''"#], ["AB": "short", "AB-": "none"]),
        Case(
            "none while binfmt_misc is switched off as a whole", ["add one '' AB ''", "turn 0 status"],
            ["AB--": "none"]),
        Case(
            "past an entry that goes by file name",
            ["add one '' AB ''", #"printf '%s' ':ext:E::exe::/bin/false:' >$registry/register"#], ["AB--": "one"]),
    ]

    @Test("is the one that Registry.read and handler(for:) name", arguments: cases)
    func choice(_ trial: Case) throws {
        let kernel = try KernelTrial(trial.steps, samples: trial.expected.keys.sorted())
        let registry = try #require(kernel.registry, "\(kernel.output)")
        #expect(kernel.taken == trial.expected, "the kernel itself: \(kernel.output)")
        for (sample, name) in kernel.taken {
            #expect(registry.handler(for: Array(sample.utf8))?.name ?? "none" == name, "for \"\(sample)\"")
        }
    }

    @Test("is the same for forty overlapping entries, some of them disabled", arguments: [1, 2, 3] as [UInt64])
    func many(seed: UInt64) throws {
        var state = seed
        func random(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % Int(bound)
        }
        let letters = Array("AB")
        var steps: [String] = []
        for number in 0..<40 {
            let magic = String((0...(1 + random(3))).map { _ in letters[random(2)] })
            steps.append("add e\(number) \(random(3)) \(magic) ''")
            if random(3) == 0 { steps.append("turn 0 e\(number)") }
        }
        let samples = (0..<32).map { bits in String((0..<5).map { letters[bits >> $0 & 1] }) }
        let kernel = try KernelTrial(steps, samples: samples)
        let registry = try #require(kernel.registry, "\(kernel.output)")
        #expect(registry.handlers.count == 40)
        #expect(kernel.taken.count == 32)
        #expect(Set(kernel.taken.values).count > 3, "a trial in which one entry takes all shows nothing")
        for (sample, name) in kernel.taken {
            #expect(registry.handler(for: Array(sample.utf8))?.name ?? "none" == name, "for \(sample)")
        }
    }
}
