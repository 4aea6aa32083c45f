import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

/// A home, a TMPDIR and a user for one test, removed with it; runs the built program there.
final class Machine {
    let scratch: FilePath
    let home: FilePath
    let temporary: FilePath
    var environment: [String: String]
    /// Run as this user; nil: the caller.
    let user: UInt32?

    init(user: UInt32? = nil) throws {
        self.user = user
        scratch = try ScratchDirectory.make()
        home = scratch.appending("home")
        temporary = scratch.appending("tmp")
        environment = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home.string,
            "TMPDIR": temporary.string, "CI": "true",
        ]
        chmod(scratch.string, 0o755)
        for directory in [home, temporary] {
            try #require(mkdir(directory.string, 0o700) == 0)
            if let user { try #require(chown(directory.string, user, user) == 0) }
        }
    }

    deinit { try? TreeRemover.removeTree(scratch) }

    static let program = BuiltProgram.path

    /// Ends a program that hangs. On a machine with one busy processor a sound run has taken 70 s.
    static let timeout = Duration.seconds(240)

    /// A launch of the program; give it to a `Supervisor`, or use `assay(_:)`.
    func launch(_ arguments: [String], timeout: Duration = Machine.timeout) -> Launch {
        launch(path: Self.program, ["assay"] + arguments, timeout: timeout)
    }

    /// A launch of a shell script, to which the program is `$0`.
    func shell(_ script: String, timeout: Duration = Machine.timeout) -> Launch {
        launch(path: "/bin/sh", ["sh", "-c", script, Self.program.string], timeout: timeout)
    }

    func launch(path: FilePath, _ arguments: [String], timeout: Duration) -> Launch {
        var launch = Launch(path: path, arguments: arguments, venue: .direct, timeout: timeout)
        launch.environment = environment
        launch.identity = user.map { ($0, $0) }
        launch.outputLimit = 16 << 20
        return launch
    }

    /// Runs the program and returns what it said.
    func assay(_ arguments: String...) -> Outcome { Outcome(Supervisor(jobs: 1).run(launch(arguments))) }

    /// Runs a script, for what the program needs around it.
    func run(_ script: String) -> Outcome { Outcome(Supervisor(jobs: 1).run(shell(script))) }

    /// The root of the embedded arm64 image, unpacked; `probe` is run where it is not there yet, and need not pass.
    /// A busy machine tries a probe again beside its native twin, whose tree then lies there, too: `core-amd64-DIGEST`.
    func coreTree() throws -> FilePath {
        let cache = home.appending(".cache/assay")
        func slot() -> String? {
            names(in: cache).first { $0.hasPrefix("core-") && $0.dropFirst("core-".count).allSatisfy(\.isHexDigit) }
        }
        if slot() == nil { _ = assay("probe", "exec.static") }
        return cache.appending(try #require(slot(), "\(names(in: cache))")).appending("rootfs")
    }

    /// Names below TMPDIR: empty when everything was cleaned up.
    var leftovers: [String] { names(in: temporary) }

    func names(in directory: FilePath) -> [String] {
        ((try? DirectoryListing.names(in: directory.string)) ?? []).sorted()
    }

    /// Writes a program of the machine.
    @discardableResult func write(_ program: [UInt8], to name: String) throws -> FilePath {
        let path = scratch.appending(name)
        try WholeFile.write(program, to: path, .any, permissions: FilePermissions(rawValue: 0o755))
        return path
    }

    /// Writes a file of the machine.
    @discardableResult func write(
        _ text: String, to name: String, mode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    ) throws -> FilePath {
        let path = scratch.appending(name)
        try WholeFile.write(text.utf8, to: path, .any, permissions: mode)
        return path
    }
}
