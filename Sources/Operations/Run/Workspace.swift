public import Archive
public import Files
import Glibc
import Host
public import Probes
import Sandbox
public import SystemPackage

/// The directories of one run: a private scratch directory, and cached images. Always call `remove()` at the end.
public final class Workspace {
    public let scratch: FilePath
    private let settings: Settings
    /// Why the cache is not used, as a message; nil if it is.
    public private(set) var cacheNote: String?
    /// The core image whose programs carry the run's marker, once it was unpacked.
    private var marked: FilePath?

    /// The scratch directory cannot be made.
    public struct Unmade: Error, CustomStringConvertible {
        let parent: FilePath
        let reason: String
        /// Whether a limit of this process is why: another place would be no better.
        let isLimit: Bool

        public var description: String {
            let what = "making a scratch directory below \(parent)"
            if isLimit { return "\(what): \(reason)" }
            if ScratchDirectory.isNamed { return "\(what): \(reason); TMPDIR names that place: name another" }
            let others = ScratchDirectory.others.filter { $0 != parent }.map(\.string).joined(separator: ", ")
            return "\(what), or \(others): \(reason); name a place with TMPDIR"
        }
    }

    /// - Throws: `Unmade`.
    public init(_ settings: Settings) throws(Unmade) {
        self.settings = settings
        do {
            scratch = try Self.claim()
        } catch {
            throw Unmade(
                parent: ScratchDirectory.parent, reason: "\(error)", isLimit: OwnShortage.advice(on: error) != nil)
        }
        // Claim our directory first: if this run is killed during the removal, the next run cleans up after it.
        AbandonedRuns.remove(beside: scratch)
    }

    /// Root needs no place that is writable: it mounts one that only this run sees.
    private static func claim() throws -> FilePath {
        do { return try RunDirectory.claim() } catch {
            guard geteuid() == 0, !ScratchDirectory.isNamed, OwnShortage.advice(on: error) == nil else { throw error }
            // A mount namespace is a thread's: no other may run, and those that come have it, too.
            EarlyLook.shared.end()
            guard PrivateScratch.mount() else { throw error }
            return try RunDirectory.claim()
        }
    }

    /// An image's root directory, unpacked and verified.
    ///
    /// - Throws: `ArchiveError`.
    public func root(of image: Image) throws(ArchiveError) -> FilePath {
        try image.checkSource()
        if let trial = settings.markedTrial, image.name == Image.coreName { return try markedRoot(of: image, trial) }
        // Programs are executed from the cache, or from the scratch directory.
        let noexec = settings.cacheDirectory.flatMap { RunnerInspection.noexecMount(of: $0) }
        if let noexec, RunnerInspection.noexecMount(of: scratch) == nil {
            cacheNote = "the image cache is not used: \(noexec) is mounted noexec"
        } else if let directory = settings.cacheDirectory {
            do {
                return try image.unpacked(
                    in: UnpackedCache(directory: directory), limits: settings.archiveLimits,
                    isKnownWhole: EarlyLook.shared.found(image, in: directory, limits: settings.archiveLimits))
            } catch  where error.code == .io {
                // The cache is read-only, full or open to others: unpack for this run only.
                cacheNote = "the image cache is not used: \(error)"
            }
        }
        return try image.unpacked(
            in: UnpackedCache(directory: scratch.appending("cache")), limits: settings.archiveLimits)
    }

    /// A tree of this run alone, whose programs carry its marker.
    private func markedRoot(of image: Image, _ trial: MarkedTrial) throws(ArchiveError) -> FilePath {
        if let marked { return marked }
        let root = try image.unpacked(
            in: UnpackedCache(directory: scratch.appending("marked")), limits: settings.archiveLimits)
        do { try trial.mark(root) } catch {
            throw ArchiveError(.io, archive: image.name, expected: "to be marked", found: "\(error)")
        }
        marked = root
        return root
    }

    /// Registers the interpreter that is tried in the host's own registry, if one is, until `remove()`.
    ///
    /// - Throws: `MarkedTrial.Impossible`, `RegistryError`.
    public func beginTrial() throws { try settings.markedTrial?.begin() }

    /// Removes everything, unless `--keep` was given.
    ///
    /// - Throws: `TreeError`.
    public func remove() throws(TreeError) {
        settings.markedTrial?.end()
        if settings.keep { return RunDirectory.keep(scratch) }
        // Release what killed steps hold elsewhere.
        AbandonedRuns.release(below: scratch)
        try TreeRemover.removeTree(scratch)
        RunDirectory.disclaim(scratch)
        // Try again: the monitors of a run that was killed just before this one have ended by now.
        AbandonedRuns.remove(beside: scratch)
        // Remove shared objects of programs that were killed, in this run or in those.
        SharedObjects.removeAbandoned()
    }

    /// Calls `body` with a workspace that is removed afterwards.
    ///
    /// - Throws: `Unmade`, what `body` throws, or `TreeError` if the workspace cannot be removed.
    public static func temporary<Result>(_ settings: Settings, _ body: (Workspace) throws -> Result) throws -> Result {
        let workspace = try Workspace(settings)
        let result = Swift.Result {
            try workspace.beginTrial()
            return try body(workspace)
        }
        try workspace.remove()
        return try result.get()
    }
}
