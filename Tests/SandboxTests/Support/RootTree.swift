import Evidence
import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

/// A root directory that holds a shell, a few programs and their libraries, removed with the test.
final class RootTree {
    let path: FilePath

    init() throws {
        path = try ScratchDirectory.make()
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
        ((try? DirectoryListing.names(in: path.appending(directory).string)) ?? []).sorted()
    }
}
