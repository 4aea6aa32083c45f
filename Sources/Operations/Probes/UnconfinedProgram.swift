public import Evidence
import Glibc
public import Probes

/// A program that nobody here made, as root, in a venue that does not keep it from the host: nothing is started.
public struct UnconfinedProgram: Error, CustomStringConvertible {
    public let image: String

    /// Nil where the programs of the image may be started.
    public init?(of image: Image, in venue: Venue, settings: Settings) {
        guard image.isForeign, venue == .direct, geteuid() == 0, !settings.unconfined else { return nil }
        self.image = image.name
    }

    public var description: String {
        "the programs of the image \(image) would run as root with nothing between them and this host in the venue direct: "
            + "take --venue container, chroot or oci; --unconfined starts them all the same"
    }
}
