import ArgumentParser
import Guest
import Operations
import ScenarioFormat

/// `--platform`: whose programs this host is to run and build.
struct GuestOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whose programs are meant: \(Guest.all.map(\.platform).joined(separator: ", ")), or several (default: \(Guest.usual.platform)).",
            valueName: "platform"),
        completion: .list(Guest.all.map(\.platform)), transform: Self.guests)
    var platform: [[Guest]] = []

    /// Whether the command line names any.
    var isNamed: Bool { !platform.isEmpty }

    /// Each once, in the order in which they were named.
    var guests: [Guest] {
        let named = platform.flatMap(\.self)
        var seen: Set<Guest> = []
        return named.isEmpty ? [.usual] : named.filter { seen.insert($0).inserted }
    }

    /// Names with commas between them, as docker's `--platform` takes it.
    private static func guests(_ text: String) throws -> [Guest] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { try guest(String($0)) }
    }

    private static func guest(_ text: String) throws -> Guest {
        switch NamedPlatform(text) {
        case .guest(let guest): return guest
        case .variant(let guest, let variant):
            throw ValidationError(
                "nothing here tells what runs the variant \(variant) from what runs every \(guest.platform) program; judged is \(guest.platform)."
            )
        case .unknown: throw UnknownName(kind: "platform", name: text, known: Guest.all.map(\.platform))
        }
    }

    /// - Throws: `ValidationError` where options are of one platform, and several are named.
    func demandOne(for option: String) throws {
        guard guests.count == 1 else {
            throw ValidationError("\(option) is of one platform, and --platform names \(guests.count).")
        }
    }
}
