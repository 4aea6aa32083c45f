import Evidence
import Files
import FoundationEssentials
import Glibc
public import SystemPackage

/// One launch in the `oci` venue: the bundle for the runtime, and what its end means.
///
/// <https://github.com/opencontainers/runtime-spec/blob/v1.0.2/bundle.md>
public struct OCIBundle: Sendable {
    /// The launch that starts the runtime.
    private(set) var launch: Launch
    private let runtime: OCIRuntime
    private let directory: FilePath

    /// - Throws: `StartFailure`.
    init(_ wanted: Launch) throws(StartFailure) {
        guard let runtime = OCIRuntime.installed else { throw .runtime(OCIRuntime.absence) }
        let directory: FilePath
        do {
            directory = try ScratchDirectory.make(in: wanted.scratch ?? ScratchDirectory.parent, prefix: Self.prefix)
        } catch {
            throw .runtime("a bundle: \(error)")
        }
        (self.runtime, self.directory) = (runtime, directory)
        var launch = runtime.launch(
            ["run", "--bundle", directory.string, "--pid-file", Self.mark(directory).string, Self.name(directory)],
            state: Self.state(directory), timeout: wanted.timeout)
        (launch.idleTimeout, launch.outputLimit, launch.cleansUp) =
            (wanted.idleTimeout, wanted.outputLimit, wanted.cleansUp)
        launch.mark = wanted.mark
        self.launch = launch
        do {
            var wanted = wanted
            if case .range = wanted.confinement?.identities, let root = wanted.root, let place = Self.showingPlace {
                self.launch.hasOwnMounts = true
                self.launch.shown = (root, place)
                wanted.root = place.appending("root")
            }
            let config = OCIConfig(wanted)
            try WholeFile.write(JSONEncoder().encode(config), to: directory.appending("config.json"))
        } catch {
            remove()
            throw .runtime("config.json: \(error)")
        }
    }

    /// Where an image can be shown to a runtime that may no longer enter the directories above the image: a directory
    /// that every system has, and in which nothing of this run lies. Nil if there is none.
    static let showingPlace: FilePath? = ["/mnt", "/media", "/srv", "/opt"].first { place in
        var status = stat()
        guard lstat(place, &status) == 0, status.isDirectory else { return false }
        let used = [ScratchDirectory.parent, OCIRuntime.installed?.path].compactMap(\.self)
        return !used.contains { path in
            guard let real = realpath(path.string, nil) else { return true }
            defer { free(real) }
            return FilePath(String(cString: real)).starts(with: FilePath(place))
        }
    }.map { FilePath($0) }

    /// The process id of the program; nil until just before it is executed.
    var program: String? {
        (try? WholeFile.read(Self.mark(directory).string, limit: 64))
            .map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Tells the runtime's own trouble from the program's end, and removes the bundle.
    ///
    /// Both runtimes write the pid file only when everything is set up and the program is about to be executed. They
    /// write a failure of execve(2) to standard error.
    func settle(_ ended: inout Termination) {
        let didSetUp = access(Self.mark(directory).string, F_OK) == 0
        switch ended.reason {
        // A runtime that ends by itself has deleted its container.
        case .exited, .notStarted: break
        case .signalled, .timedOut, .interrupted, .lost, .left, .unobserved: Self.release(directory, runtime)
        }
        remove()
        switch ended.reason {
        case .notStarted(let failure):
            ended.reason = .notStarted(.runtime("\(runtime.path): \(errorText(failure.error))"))
        case .exited where !didSetUp, .signalled where !didSetUp:
            ended.reason = .notStarted(.runtime("\(runtime.name): \(ended.complaint)"))
        case .exited(let status) where status != 0:
            if ended.output.bytes.isEmpty, let error = Self.refusal(ended.complaint) {
                ended.reason = .notStarted(StartFailure(stage: .program, error: error))
            } else if let signal = Self.signal(status) {
                ended.reason = .signalled(signal)
            }
        default: break
        }
    }

    func remove() { try? TreeRemover.removeTree(directory) }

    /// Removes what a runtime keeps elsewhere (cgroups) for the launches of a run that was killed.
    ///
    /// - Parameter scratch: the directory that the launches were given.
    public static func release(below scratch: FilePath) {
        guard let runtime = OCIRuntime.installed,
            let names = try? DirectoryListing.names(in: scratch.string)
        else { return }
        for name in names where name.hasPrefix(prefix) { release(scratch.appending(name), runtime) }
    }

    private static func release(_ directory: FilePath, _ runtime: OCIRuntime) {
        if access(state(directory).string, F_OK) == 0 {
            var launch = runtime.launch(
                ["delete", "--force", name(directory)], state: state(directory), timeout: .seconds(10))
            launch.cleansUp = true
            _ = Supervisor(jobs: 1).run(launch)
        }
        // A runtime that was killed before it wrote its state knows nothing of its cgroups.
        ControlGroups.remove(named: name(directory))
    }

    /// The errno in the last words of a runtime that could not execute the program. runc says `exec /bin/x: exec format
    /// error`, crun ``exec container process `/bin/x`: Exec format error``.
    static func refusal(_ words: String) -> Int32? {
        guard words.contains("exec ") else { return nil }
        let words = words.lowercased()
        return [ENOEXEC, ENOENT, EACCES, EPERM, ELIBBAD, EINVAL, ELOOP, ENOTDIR, ENOMEM, EAGAIN, E2BIG, ETXTBSY, EIO]
            .first { words.hasSuffix(": " + Errno(rawValue: $0).description.lowercased()) }
    }

    /// The signal that ended the program: the runtime then exits with 128 and its number. A program might exit so too,
    /// but hardly with these numbers.
    private static func signal(_ status: Int32) -> Int32? {
        [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV, SIGSYS].first { status == 128 + $0 }
    }

    private static let prefix = "oci-"

    /// The container's id. The runtime names cgroups after it.
    private static func name(_ directory: FilePath) -> String {
        directory.components.suffix(2).map(\.string).joined(separator: "-")
    }

    private static func state(_ directory: FilePath) -> FilePath { directory.appending("state") }

    private static func mark(_ directory: FilePath) -> FilePath { directory.appending("pid") }
}
