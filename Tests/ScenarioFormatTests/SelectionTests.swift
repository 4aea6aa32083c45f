import Testing

@testable import ScenarioFormat

@Suite("Selection") struct SelectionTests {
    private func chosen(_ filters: [String] = [], not exclusions: [String] = []) -> [String] {
        var selection = Selection()
        (selection.filters, selection.exclusions) = (filters, exclusions)
        let checks = [
            ("exec.static", "direct"), ("exec.static", "chroot"), ("fp.rounding", "direct"), ("build.run", "buildah"),
        ]
        return checks.filter { selection.includes($0.0, venue: $0.1) }.map { "\($0.0)@\($0.1)" }
    }

    @Test("without patterns everything is chosen") func all() {
        #expect(chosen().count == 4)
    }

    @Test("a name chooses it in every venue, and only it") func name() {
        #expect(chosen(["exec.static"]) == ["exec.static@direct", "exec.static@chroot"])
        #expect(chosen(["exec"]).isEmpty)
        #expect(chosen(["exec.stati"]).isEmpty)
    }

    @Test("a reference chooses one venue") func reference() {
        #expect(chosen(["exec.static@chroot"]) == ["exec.static@chroot"])
        #expect(chosen(["*@direct"]) == ["exec.static@direct", "fp.rounding@direct"])
    }

    @Test("filters add up; exclusions win") func together() {
        #expect(chosen(["fp.*", "build.run"]) == ["fp.rounding@direct", "build.run@buildah"])
        #expect(chosen(["exec.*"], not: ["*@chroot"]) == ["exec.static@direct"])
        #expect(chosen([], not: ["*"]).isEmpty)
        #expect(chosen(["exec.static"], not: ["exec.static"]).isEmpty)
    }

    @Test(
        "a star stands for any characters, none included",
        arguments: [
            ("*", "", true), ("*", "a.b", true), ("a*", "a", true), ("*a", "ba", true), ("a*a", "a", false),
            ("a*a", "aa", true), ("a*b*c", "a-b-c", true), ("a*b*c", "a-c-b", false), ("*b*", "abc", true),
            ("*bb*", "abab", false), ("a**b", "ab", true), ("", "", true), ("", "a", false), ("a.b", "axb", false),
            ("ab*ab", "ab", false), ("*.*@*", "a.b@c", true), ("A", "a", false), ("*aab", "aaab", true),
        ])
    func star(pattern: String, name: String, expected: Bool) {
        #expect(Selection.matches(pattern, name) == expected)
    }
}

@Suite("A name that does not exist") struct UnknownNameTests {
    private let known = ["exec.static", "exec.chain", "fp.rounding", "uname.machine"]

    @Test(
        "the nearest is what was meant",
        arguments: [
            ("exec.statc", "exec.static"), ("exec.statics", "exec.static"), ("exce.chain", "exec.chain"),
            ("fp-rounding", "fp.rounding"), ("uname", "uname.machine"),
        ])
    func nearest(typed: String, meant: String) {
        let error = UnknownName(kind: "probe", name: typed, known: known)
        if typed == "uname" {
            // Eight letters are missing: too far to guess.
            #expect(error.nearest == nil)
        } else {
            #expect(error.nearest == meant)
            #expect(error.description.contains("\"\(typed)\"; the nearest is \"\(meant)\""))
        }
        #expect(error.description.contains("assay list probes"))
    }

    @Test("nothing near is no guess, and nothing known no crash") func far() {
        #expect(UnknownName(kind: "probe", name: "zzzzzzzzzz", known: known).nearest == nil)
        #expect(UnknownName(kind: "probe", name: "x", known: []).nearest == nil)
        #expect(UnknownName(kind: "command", name: "acept", known: ["accept"]).description.contains("assay --help"))
    }

    @Test(
        "the distance counts insertions, deletions and substitutions",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2), ("é", "e", 1),
        ])
    func distance(left: String, right: String, expected: Int) {
        #expect(UnknownName.distance(left, right) == expected)
        #expect(UnknownName.distance(right, left) == expected)
    }
}
