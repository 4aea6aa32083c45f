internal import CArchive

/// The libraries that read archives.
public enum ArchiveLibraries {
    /// Their versions, as they say them themselves.
    public static var versions: [String: String] {
        [
            "libarchive": String(String(cString: archive_version_string()).drop { !$0.isNumber }),
            "xz": String(cString: lzma_version_string()), "zlib": String(cString: zlibVersion()),
            "zstd": String(cString: ZSTD_versionString()),
        ]
    }
}
