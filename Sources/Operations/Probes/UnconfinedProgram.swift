public import Evidence
import Glibc
public import Probes

/// Refuses to run a foreign image's program as root in a venue without confinement.
public struct UnconfinedProgram: Error, CustomStringConvertible {
    public let image: String

    /// Nil if the image's programs may run.
    public init?(of image: Image, in venue: Venue, settings: Settings) {
        guard image.isForeign, venue == .direct, geteuid() == 0, !settings.unconfined else { return nil }
        self.image = image.name
    }

    public var description: String {
        "the programs of the image \(image) would run as root with nothing between them and this host in the venue direct: "
            + "take --venue container, chroot or oci; --unconfined starts them all the same"
    }
}
