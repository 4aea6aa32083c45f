import ArgumentParser
import Evidence
import Operations
import Probes

/// `--unconfined`, for commands that start programs of images.
struct ConfinementOption: ParsableArguments {
    @Flag(
        help:
            "As root, start the programs of an image that this program did not bring also in the venue direct, where nothing keeps them from the host."
    )
    var unconfined = false

    /// Notes in the settings what was allowed.
    ///
    /// - Parameter venues: those that were asked for by name.
    /// - Throws: `UnconfinedProgram`.
    func apply(to settings: inout Settings, image: Image, venues: [Venue]) throws {
        settings.unconfined = unconfined
        for venue in venues {
            if let refusal = UnconfinedProgram(of: image, in: venue, settings: settings) { throw refusal }
        }
    }
}
