import ArgumentParser
import Evidence
import Operations
import Probes

/// `--unconfined`, for commands that run programs of images.
struct ConfinementOption: ParsableArguments {
    @Flag(
        help:
            "As root, start programs of an image from elsewhere in direct, too, where nothing confines them."
    )
    var unconfined = false

    /// Applies the option to the settings.
    ///
    /// - Parameter venues: the venues that the command line names.
    /// - Throws: `UnconfinedProgram` if one of them needs `--unconfined`.
    func apply(to settings: inout Settings, image: Image, venues: [Venue]) throws {
        settings.unconfined = unconfined
        for venue in venues {
            if let refusal = UnconfinedProgram(of: image, in: venue, settings: settings) { throw refusal }
        }
    }
}
