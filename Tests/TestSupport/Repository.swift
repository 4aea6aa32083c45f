import Files
public import SystemPackage

/// The repository's files that tests read.
public enum Repository {
    public static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    public static func text(_ path: String) throws -> String {
        String(decoding: try WholeFile.read(path, limit: 16 << 20), as: UTF8.self)
    }
}
