public import Archive
public import Files
public import Probes
import Sandbox
public import SystemPackage

/// The directories of one run: a private scratch directory, and images from the cache. Remove it at the end, whatever happened.
public final class Workspace {
    public let scratch: FilePath
    private let settings: Settings
    /// Why the cache is not used, for people.
    public private(set) var cacheNote: String?

    /// No scratch directory can be made.
    public struct Unmade: Error, CustomStringConvertible {
        let parent: FilePath
        let reason: String

        public var description: String {
            "making a scratch directory below \(parent): \(reason)"
        }
    }

    /// - Throws: `Unmade`.
    public init(_ settings: Settings) throws(Unmade) {
        self.settings = settings
        do {
            scratch = try RunDirectory.claim()
        } catch {
            throw Unmade(parent: ScratchDirectory.parent, reason: "\(error)")
        }
        // Claimed first: whoever is killed in the middle of this leaves nothing new that has no owner.
        AbandonedRuns.remove(beside: scratch)
    }

    /// An image's root directory, unpacked and verified.
    ///
    /// - Throws: `ArchiveError`.
    public func root(of image: Image) throws(ArchiveError) -> FilePath {
        try image.checkSource()
        if let directory = settings.cacheDirectory {
            do {
                return try image.unpacked(in: UnpackedCache(directory: directory), limits: settings.archiveLimits)
            } catch  where error.code == .io {
                // Read-only, full, or open to others: this run unpacks for itself.
                cacheNote = "the image cache is not used: \(error)"
            }
        }
        return try image.unpacked(
            in: UnpackedCache(directory: scratch.appending("cache")), limits: settings.archiveLimits)
    }

    /// Removes everything, unless `--keep` was given.
    ///
    /// - Throws: `TreeError`.
    public func remove() throws(TreeError) {
        if settings.keep { return RunDirectory.keep(scratch) }
        // What a step that had to be killed made elsewhere.
        AbandonedRuns.release(below: scratch)
        try TreeRemover.removeTree(scratch)
        RunDirectory.disclaim(scratch)
        // Of a program whose monitor was killed.
        SharedObjects.removeAbandoned()
        // By now the monitors of a run that was killed just before this one have ended.
        AbandonedRuns.remove(beside: scratch)
    }

    /// Calls `body` with a workspace that is gone afterwards.
    public static func temporary<Result>(_ settings: Settings, _ body: (Workspace) throws -> Result) throws -> Result {
        let workspace = try Workspace(settings)
        let result = Swift.Result { try body(workspace) }
        try workspace.remove()
        return try result.get()
    }
}
