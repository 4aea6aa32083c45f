import ArgumentParser
import Guest
import ScenarioFormat

/// `--platform`: whose programs this host is to run and build.
struct GuestOption: ParsableArguments {
    @Option(
        help: "Whose programs are meant: \(Guest.all.map(\.platform).joined(separator: ", ")).",
        completion: .list(Guest.all.map(\.platform)), transform: Self.guest)
    var platform = Guest.standard

    private static func guest(_ text: String) throws -> Guest {
        guard let guest = Guest(platform: text) else {
            throw UnknownName(kind: "platform", name: text, known: Guest.all.map(\.platform))
        }
        return guest
    }
}
