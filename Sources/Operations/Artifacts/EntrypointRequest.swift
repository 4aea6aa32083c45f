public import Evidence

/// What to run of an artifact, in which venue, and the expected result.
public struct EntrypointRequest: Sendable {
    /// A request that cannot be fulfilled.
    public struct Impossible: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    public let venue: Venue
    /// Replaces the image's entrypoint and command unless empty.
    public var command: [String] = []
    public var expectedStatus: Int32 = 0
    /// Nil: any output.
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
