/// A symbolic link in the place of a file that was asked for, or of a directory on the way to it.
public struct SymbolicLinkEntry: Sendable, Equatable {
    public let path: EntryPath
    public let target: [UInt8]

    public init(path: EntryPath, target: [UInt8]) {
        self.path = path
        self.target = target
    }

    /// - Parameter targets: what all symbolic links say.
    /// - Returns: nil if none of them is on the way.
    public init?(on path: EntryPath, in targets: [EntryPath: [UInt8]]) {
        guard let link = path.prefixes.first(where: { targets[$0] != nil }), let target = targets[link] else {
            return nil
        }
        self.init(path: link, target: target)
    }
}
