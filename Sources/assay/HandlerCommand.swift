import ArgumentParser
import Findings
import Guest
import Operations
import Reports
import ScenarioFormat

struct HandlerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handler", _superCommandName: "assay",
        abstract: "List, install or remove binfmt_misc handlers, offline and without a container.",
        discussion: """
            Exit status: 0 done, 1 refused because of what was found, 2 the kernel refused, 64 usage, 66 no such file.

            Examples:
              assay handler list
              sudo assay handler install --persist
            """,
        subcommands: [List.self, Install.self, Remove.self])

    mutating func run() throws { throw Unasked(Self.self) }

    struct List: ParsableCommand {
        enum Format: String, CaseIterable, ExpressibleByArgument {
            case console, json
        }

        static let configuration = CommandConfiguration(
            abstract: "Show the registry as the kernel goes through it, and what is registered at boot.",
            discussion: """
                Examples:
                  assay handler list
                  assay handler list --format json
                """)

        @Option(help: "Form of the listing.")
        var format: Format = .console

        @Flag(help: "Also show what is registered at boot for other files than the platform's programs.")
        var all = false

        @OptionGroup var guest: GuestOption

        mutating func run() throws {
            let listings = guest.guests.map { HandlerListing.read(for: $0) }
            switch format {
            case .console:
                let texts = listings.map { listing in
                    (listings.count > 1 ? "\(listing.guest.platform)\n" : "")
                        + listing.text(all: all, width: StandardOutput.terminalWidth)
                }
                try StandardOutput.write(SafeText(texts.joined(separator: "\n")))
            case .json: try StandardOutput.write(HandlerListing.json(of: listings))
            }
        }
    }

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register this host's own static QEMU for a platform, or another interpreter.",
            discussion: """
                Examples:
                  assay handler install --persist
                  assay handler install --replace --interpreter /opt/\(Guest.usual.emulator)
                """)

        @Option(
            help: ArgumentHelp("The interpreter (default: the best one of this host).", valueName: "path"),
            completion: .file())
        var interpreter: String?

        @Option(
            help: ArgumentHelp(
                "Flags to register it with (default: POCF, or OCF for an interpreter that does not understand P).",
                valueName: "POCF"))
        var flags: String?

        @Option(help: "The entry's name (default: as \(Guest.usual.emulator)).")
        var name: String?

        @OptionGroup var guest: GuestOption

        @Flag(help: "Also have it registered at boot, by systemd-binfmt or update-binfmts, whichever is here.")
        var persist = false

        @Flag(
            help:
                "Remove first what takes such programs already, and overwrite files that are not Assay's."
        )
        var replace = false

        @Flag(help: "Print every write as it would be made, and change nothing.")
        var dryRun = false

        func validate() throws {
            if let name { try HandlerName.validate(name) }
            if let interpreter, !interpreter.hasPrefix("/") {
                throw ValidationError(
                    "--interpreter takes an absolute path, as the kernel does: not \"\(interpreter)\".")
            }
            if let wrong = flags?.first(where: { !"POCF".contains($0) }) {
                throw ValidationError("--flags knows P, O, C and F: not \"\(wrong)\".")
            }
            if interpreter != nil { try guest.demandOne(for: "--interpreter") }
            if name != nil { try guest.demandOne(for: "--name") }
        }

        mutating func run() throws {
            try guest.change { guest in
                let installation = HandlerInstallation(
                    guest: guest, interpreter: interpreter, flags: flags ?? "POCF", name: name ?? guest.emulator,
                    persist: persist, replace: replace)
                return ChangeReport(
                    dryRun
                        ? try installation.plan()
                        : try installation.run(with: .ownProgram(for: guest), choosesFlags: flags == nil),
                    made: !dryRun)
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the entry that takes a platform's programs, or the one that is named.",
            discussion: """
                Examples:
                  assay handler remove --persist
                  assay handler remove \(Guest.usual.emulator)
                """)

        @Argument(
            help: "The entry's name (default: the one that takes the platform's programs).",
            completion: .names(KnownNames.handlers))
        var name: String?

        @OptionGroup var guest: GuestOption

        @Flag(help: "Also remove what \"install --persist\" wrote.")
        var persist = false

        @Flag(help: "Print every write as it would be made, and change nothing.")
        var dryRun = false

        func validate() throws {
            if let name {
                try HandlerName.validate(name, isNew: false)
                try guest.demandOne(for: "an entry's name")
            }
        }

        mutating func run() throws {
            try guest.change { guest in
                let removal = HandlerRemoval(guest: guest, name: name, persist: persist)
                return ChangeReport(dryRun ? try removal.plan() : try removal.run(), made: !dryRun)
            }
        }
    }
}

extension GuestOption {
    /// Makes a change for each guest, and writes what was done. What one refuses is told, and the others are still
    /// done; the first refusal is thrown at the end.
    fileprivate func change(_ change: (Guest) throws -> ChangeReport) throws {
        var refusal: (any Error)?
        for (number, guest) in guests.enumerated() {
            do {
                let report = try change(guest)
                if guests.count > 1 { try StandardOutput.write("\(number > 0 ? "\n" : "")\(guest.platform)\n") }
                try report.write()
            } catch {
                guard guests.count > 1 else { throw error }
                if refusal != nil { StandardError.write("assay: \(guest.platform): \(error)\n") }
                refusal = refusal ?? error
            }
        }
        if let refusal { throw refusal }
    }
}

/// Names of entries.
private enum HandlerName {
    /// - Parameter isNew: whether an entry is to be registered under it. The kernel takes blanks, too, and what exists can be
    ///   removed; but such names get lost in files and commands.
    static func validate(_ name: String, isNew: Bool = true) throws {
        let reserved = ["", ".", "..", "register", "status"].contains(name)
        let isPlain = !isNew || name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
        guard !reserved, !name.contains("/"), name.utf8.count <= 255, isPlain
        else { throw ValidationError("\"\(name)\" cannot be an entry's name.") }
    }
}

/// Writes a change of the host to standard output.
struct ChangeReport {
    let change: HandlerChange
    /// Whether the change was made; else it is only planned.
    let made: Bool

    init(_ change: HandlerChange, made: Bool) {
        self.change = change
        self.made = made
    }

    func write() throws {
        for note in change.notes { StandardError.write("assay: \(note)\n") }
        var lines = [(made || change.isEmpty ? "" : "would then hold: ") + change.outcome]
        if !change.isEmpty {
            lines += ["", made ? "done" : "would do, as root"] + change.commands.map { "  \($0)" }
            lines += ["", "undo, as root"] + change.undo.map { "  \($0)" }
            if let words = change.undoCommand {
                let program = (try? CallerEnvironment.program).map { shellQuoted($0) } ?? "assay"
                lines.append("or  \(program) \(words)")
            }
        }
        try StandardOutput.write(SafeText(lines.map { $0 + "\n" }.joined()))
    }
}
