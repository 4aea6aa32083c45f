internal import CNettle

/// The library that makes digests.
public enum DigestLibrary {
    /// Its version, as it says it itself.
    public static var versions: [String: String] {
        ["nettle": "\(nettle_version_major()).\(nettle_version_minor())"]
    }
}
