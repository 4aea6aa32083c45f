import Archive
import Glibc
import Sandbox
import SystemPackage
import Testing

/// A root directory that holds a shell, a few programs and their libraries, removed with the test.
final class RootTree {
    let path: FilePath

    init() throws {
        path = try ScratchDirectory().path
        let ended = run(
            .shell(
                """
                cd '\(path)' && mkdir bin dev proc sys tmp && chmod 755 . || exit 1
                for program in sh sleep setsid; do
                    found=$(command -v $program) && cp -L "$found" bin/$program || exit 2
                    for library in $(ldd "$found" | grep -o '/[^ )]*'); do
                        mkdir -p ".$(dirname "$library")" && cp -L "$library" ".$library" || exit 3
                    done
                done
                """))
        try #require(ended.reason == .exited(0), "\(ended.errors.text)")
    }

    deinit { try? TreeRemover.removeTree(path) }

    /// A script inside this root.
    func shell(_ script: String, venue: Venue = .container, timeout: Duration = .seconds(20)) -> Launch {
        Launch(path: "/bin/sh", arguments: ["sh", "-c", script], venue: venue, root: path, timeout: timeout)
            .with { $0.environment = ["PATH": "/bin"] }
    }

    /// Names below a directory of the tree, as the host sees it.
    func names(in directory: String = ".") -> [String] {
        run(.shell("ls -A '\(path)/\(directory)'")).output.text.split(separator: "\n").map(String.init)
    }
}

/// What this caller may do here.
enum Here {
    static let mayMakeContainers: Bool = {
        var launch = Launch(
            path: "/usr/bin/unshare", arguments: ["unshare", "-Urmpf", "true"], venue: .direct, timeout: .seconds(10))
        launch.environment = ["PATH": "/usr/bin:/bin"]
        return run(launch).reason == .exited(0)
    }()
    static let isPrivileged = Sandbox.isPrivileged()
    static let isRoot = geteuid() == 0
    /// CAP_SETGID, CAP_SETUID and CAP_SYS_ADMIN, and other ids than its own.
    static let mayMapIDs = effectiveCapabilities() & 0x20_00c0 == 0x20_00c0 && IdentityRange.pick() != nil
}
