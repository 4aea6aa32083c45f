import ArgumentParser
import Guest
import ScenarioFormat

/// `--platform`: whose programs this host is to run and build.
struct GuestOption: ParsableArguments {
    @Option(
        name: .customLong("platform"),
        help:
            "Whose programs are meant: \(Guest.all.map(\.platform).joined(separator: ", ")) (default: \(Guest.usual.platform)).",
        transform: Self.guest)
    var named: Guest?

    /// The guest that was named, else the usual one.
    var platform: Guest { named ?? .usual }

    private static func guest(_ text: String) throws -> Guest {
        guard let guest = Guest(platform: text) else {
            throw UnknownName(kind: "platform", name: text, known: Guest.all.map(\.platform))
        }
        return guest
    }
}
