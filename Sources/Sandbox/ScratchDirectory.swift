import Glibc
public import SystemPackage

/// A private directory of one run, below `TMPDIR`.
public struct ScratchDirectory: Sendable {
    public let path: FilePath

    /// Where they are made: `TMPDIR`; where that is unset or empty, `/tmp`.
    public static var parent: FilePath {
        let place = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        return FilePath(place.isEmpty ? "/tmp" : place)
    }

    /// - Throws: `Errno` of mkdtemp(3).
    public init(in directory: FilePath = Self.parent, prefix: String = "assay-") throws {
        guard let template = strdup(directory.appending("\(prefix)XXXXXX").string) else { throw Errno.noMemory }
        defer { free(template) }
        guard mkdtemp(template) != nil else { throw Errno(rawValue: errno) }
        path = FilePath(String(cString: template))
    }

    private static let mark = ".assay-run"

    /// Marks the directory as this process's, as long as the process lives: who is killed leaves one that `isAbandoned`.
    ///
    /// - Throws: `Errno`.
    public func claim() throws {
        // Locked before it has its name, so that nobody sees it unlocked. The descriptor is closed by the end of the process.
        let fresh = path.appending("\(Self.mark).new")
        let file = try FileDescriptor.open(
            fresh, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0, rename(fresh.string, path.appending(Self.mark).string) == 0
        else { throw Errno(rawValue: errno) }
    }

    /// Lets a directory stay that somebody wants to look at.
    public static func disclaim(_ directory: FilePath) {
        for name in [mark, "\(mark).gone"] { unlink(directory.appending(name).string) }
    }

    /// Whether the directory was claimed by a process of this user that is no more, and whose own children have had time to go: they may still write there. Who
    /// asks first only notes that the owner is gone.
    ///
    /// - Parameter grace: how long ago that must have been noted.
    public static func isAbandoned(_ directory: FilePath, grace: Duration = .seconds(5)) -> Bool {
        var status = stat()
        guard lstat(directory.string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid()
        else { return false }
        let (claim, note) = (directory.appending(mark), directory.appending("\(mark).gone"))
        if lstat(note.string, &status) == 0 {
            return status.st_mtim.tv_sec + Int(grace.components.seconds) <= time(nil)
        }
        guard
            let file = try? FileDescriptor.open(
                claim, .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
        else { return false }
        defer { try? file.close() }
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0, futimens(file.rawValue, nil) == 0,
            rename(claim.string, note.string) == 0
        else { return false }
        return grace <= .zero
    }
}
