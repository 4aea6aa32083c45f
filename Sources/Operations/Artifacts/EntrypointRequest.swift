public import Evidence

/// What of an artifact is to be run, where, and what is expected of it.
public struct EntrypointRequest: Sendable {
    /// What cannot be asked for.
    public struct Impossible: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    public let venue: Venue
    /// In place of the image's entrypoint and command, where not empty.
    public var command: [String] = []
    public var expectedStatus: Int32 = 0
    /// Nil: whatever it prints.
    public var expectedOutput: String?

    /// - Throws: `Impossible` for a venue in which a program does not see the image as its root directory.
    public init(venue: Venue) throws {
        guard venue.hasRoot else {
            throw Impossible(
                description: "--venue \(venue.rawValue): an image's programs need the image as their root directory; "
                    + "use container, oci or chroot")
        }
        self.venue = venue
    }
}
