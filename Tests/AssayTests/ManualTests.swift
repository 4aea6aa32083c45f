import FoundationEssentials
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

@Suite("The manual") struct ManualTests {
    /// The definitions, as the parser prints them.
    private struct Dump: Decodable {
        struct Command: Decodable {
            struct Argument: Decodable {
                struct Name: Decodable { let kind, name: String }
                let kind: String
                let shouldDisplay: Bool
                let names: [Name]?
                let valueName: String?
            }
            let commandName: String
            let subcommands: [Command]?
            let arguments: [Argument]?

            /// This command and those below it, each with the words that are typed.
            func all(_ words: [String] = []) -> [(words: [String], command: Command)] {
                let own = words + [commandName]
                return [(own, self)] + (subcommands ?? []).flatMap { $0.all(own) }
            }
        }
        let command: Command
    }

    /// Makes the pages in the machine's directory.
    private func made(in machine: Machine, variables: String = "") throws -> Outcome {
        machine.run("\(variables) ASSAY=\"$0\" '\(Repository.folder)/ci/manual' '\(machine.scratch)/man'")
    }

    @Test("has a page for every command, and in it a place for every option") func whole() throws {
        let machine = try Machine()
        let outcome = try made(in: machine)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let json = machine.assay("--experimental-dump-help").output
        let commands = try JSONDecoder().decode(Dump.self, from: Data(json.utf8)).command.all()
        #expect(commands.count > 25)
        let pages = machine.names(in: machine.scratch.appending("man"))
        #expect(pages == commands.map { $0.words.joined(separator: "-") + ".1" }.sorted())
        for (words, command) in commands {
            let name = words.joined(separator: "-")
            let text = try Repository.file(machine.scratch.appending("man/\(name).1"))
            let lines = Set(text.split(separator: "\n").map(String.init))
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "SEE ALSO"] {
                #expect(lines.contains(".Sh \(section)"), "\(name): \(section)")
            }
            for argument in command.arguments ?? [] {
                let heads = lines.filter { $0.hasPrefix(".It ") }
                let forms =
                    argument.names?.map { $0.kind == "long" ? "Fl -\($0.name)" : "Fl \($0.name)" }
                    ?? ["Ar \(argument.valueName ?? "")"]
                for form in forms {
                    let isThere = heads.contains { head in
                        "\(head) ".replacing(" , ", with: " ").replacing("\"", with: "").contains(" \(form) ")
                    }
                    #expect(isThere == argument.shouldDisplay, "\(name): \(form)")
                }
            }
        }
        // What is told of all commands that judge.
        let accept = try Repository.file(machine.scratch.appending("man/assay-accept.1"))
        for word in [
            ".It Li 65", ".It Ev ASSAY_IMAGES", ".It Pa /etc/assay/config.yaml", ".Sh EXAMPLES", ".Ss Shared options",
        ] { #expect(accept.contains(word), "\(word)") }
    }

    @Test("is the same whenever it is made, and dated by SOURCE_DATE_EPOCH") func dated() throws {
        let machine = try Machine()
        let first = try made(in: machine, variables: "SOURCE_DATE_EPOCH=86400")
        let text = try Repository.file(machine.scratch.appending("man/assay.1"))
        #expect(first.status == 0 && text.hasPrefix(".Dd January 2, 1970\n"), "\(first)")
        let usage = machine.run("ASSAY=\"$0\" '\(Repository.folder)/ci/manual'")
        #expect(usage.status == 64 && usage.errors.contains("usage: ci/manual OUTDIR"), "\(usage)")
    }

    @Test(
        "says nothing that mandoc minds", .enabled(if: access("/usr/bin/mandoc", X_OK) == 0, "mandoc is not installed"))
    func lint() throws {
        let machine = try Machine()
        #expect(try made(in: machine).status == 0)
        // Pages that others refer to are looked for below the working directory, too.
        let outcome = machine.run(
            "cd '\(machine.scratch)' && mkdir man1 && mv man/* man1 && cd man1 && MANPATH=.. mandoc -T lint *.1")
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
    }
}

extension Repository {
    fileprivate static func file(_ path: FilePath) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path.string)), as: UTF8.self)
    }
}
