import Reports
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("Hostile words") struct InjectionTests {
    /// Each in an environment variable of its own, for scripts.
    private static let words = [
        "\u{1b}[31m\u{1b}]0;x\u{7}", "::error::x", "a\n::add-mask::x", "a\r::stop-commands::x", "##[error]x",
        "##vso[task.complete]x",
        "##teamcity[x]", "\u{202e}x\u{2066}\u{200b}\u{feff}\u{e0041}", "--- x", "\u{2028}::error::x", "\u{9b}31m\u{7f}",
    ]

    /// What a terminal or a runner would take for something else than text; nil where there is nothing.
    private func fault(_ text: String) -> String? {
        if let scalar = text.unicodeScalars.first(where: { scalar in
            switch scalar.value {
            case 0x0a, 0x09: false
            case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff, 0xe0000...0xe007f:
                true
            default: false
            }
        }) {
            return "U+\(String(scalar.value, radix: 16))"
        }
        return text.split(separator: "\n").map { $0.drop { $0.isWhitespace } }
            .first {
                $0.hasPrefix("::") || $0.hasPrefix("--- ") || $0.contains("##[") || $0.contains("##vso[")
                    || $0.contains("##teamcity[")
            }.map(String.init)
    }

    private func expectHarmless(_ outcome: Outcome, _ what: String) {
        #expect(fault(outcome.output) == nil, "\(what): standard output")
        #expect(fault(outcome.errors) == nil, "\(what): standard error")
        #expect(!outcome.output.isEmpty || !outcome.errors.isEmpty, "\(what)")
    }

    @Test("on the command line come back as text", arguments: words) func arguments(word: String) throws {
        let machine = try Machine()
        machine.environment["WORD"] = word
        for command in [
            "\"$WORD\"", "\"--$WORD\"", "explain \"$WORD\"", "artifact \"$WORD\"", "artifact --platform \"$WORD\" x",
            "probe \"$WORD\"",
            "run \"$WORD\"", "accept --builder \"$WORD\"", "accept --venue \"$WORD\"", "list probes --image \"$WORD\"",
            "report render \"$WORD\"", "report merge \"$WORD\"", "drill \"$WORD\"", "host --report \"json=/no/$WORD\"",
            "handler remove --name \"$WORD\"", "host --limit \"$WORD\"", "artifact x --policy \"$WORD\"",
        ] {
            expectHarmless(machine.run("exec \"$0\" \(command)"), command)
        }
    }

    @Test("in files come back as text", arguments: words) func files(word: String) throws {
        let machine = try Machine()
        machine.environment["WORD"] = word
        for command in [
            "printf '%s\\n' \"$WORD\" >policy; exec \"$0\" artifact x --policy policy",
            "printf 'schema: assay.scenario/1\\nname: \"%s\"\\n%s: 1\\n' \"$WORD\" \"$WORD\" >s.yaml; exec \"$0\" run s.yaml",
            "printf '%s' \"$WORD\" >r.json; exec \"$0\" report render r.json",
            "printf '{\"schema\":\"%s\"}' \"$(printf %s \"$WORD\" | tr '\\n\\r' '  ')\" >r.json; exec \"$0\" report render r.json",
            "printf x >\"$WORD\"; exec \"$0\" artifact \"$WORD\"",
        ] {
            expectHarmless(machine.run("cd '\(machine.scratch)' && \(command)"), command)
        }
    }

    @Test("that a step prints come back as text, in every form", arguments: words) func steps(word: String) throws {
        let machine = try Machine()
        let scenario = try scenario(machine, word)
        for format in ReportFormat.allCases.map(\.rawValue) where format != "github" {
            let outcome = machine.assay("run", scenario, "--format", format)
            #expect(outcome.status == 1, "\(outcome)")
            expectHarmless(outcome, format)
        }
    }

    @Test("stay off the live line of a terminal", arguments: words) func live(word: String) throws {
        let machine = try Machine()
        machine.environment["CI"] = nil
        machine.environment["TERM"] = "xterm"
        let scenario = try scenario(machine, word)
        let outcome = machine.run("exec script -qec \"'$0' run '\(scenario)'\" /dev/null")
        #expect(outcome.status == 1, "\(outcome)")
        // Assay's own: the line is cleared, and words are painted.
        let text = outcome.output.replacing("\r\n", with: "\n").replacing("\r\u{1b}[K", with: "\n")
            .replacing(#/\u{1b}\[[0-9]+m/#, with: "")
        #expect(fault(text) == nil, "\(text)")
    }

    @Test("in an image's names and output come back as text", arguments: words) func image(word: String) throws {
        let machine = try Machine()
        machine.environment["WORD"] = word
        let archive = try machine.imageArchive(
            execution: #"{"Entrypoint":["/bin/sh","-c","exit 3"]}"#,
            files: "mkdir bin; cp -L /bin/true bin/sh; cp bin/sh \"bin/$WORD\"")
        for format in ReportFormat.allCases.map(\.rawValue) where format != "github" {
            let outcome = machine.assay("artifact", archive.string, "--format", format)
            #expect(outcome.status == (Here.isX86 ? 1 : 0), "\(outcome)")
            expectHarmless(outcome, format)
        }
    }

    /// A scenario whose step prints the word and fails.
    private func scenario(_ machine: Machine, _ word: String) throws -> String {
        let output = try machine.write(word, to: "word")
        return try machine.write(
            """
            schema: assay.scenario/1
            name: hostile
            description: d
            steps:
              - run: [sh, -c, "cat '\(output)'; cat '\(output)' >&2; exit 5"]
                image: host
              - name: second
                run: [sh, -c, "cat '\(output)'; sleep 0.3; cat '\(output)' >&2; exit 5"]
                image: host
            """, to: "hostile.yaml"
        ).string
    }
}
