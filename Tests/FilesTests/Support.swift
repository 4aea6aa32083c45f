import Glibc
import Sandbox
import SystemPackage

/// A directory that goes with the test, and a shell in it.
final class Folder {
    let path: FilePath

    init() throws {
        path = try ScratchDirectory().path
        chmod(path.string, 0o755)
    }

    deinit { _ = shell("chmod -R u+rwx .; cd /; rm -rf '\(path)'") }

    subscript(_ name: String) -> FilePath { path.appending(name) }

    @discardableResult func shell(_ script: String, as user: UInt32? = nil) -> String {
        var launch = Launch(
            path: "/bin/sh", arguments: ["sh", "-c", "cd '\(path)' && \(script)"], venue: .direct, timeout: .seconds(20)
        )
        launch.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        launch.identity = user.map { ($0, $0) }
        return Supervisor(jobs: 1).run(launch).output.text
    }

    func text(_ name: String) -> String? {
        (try? readWhole(self[name].string, limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
    }
}
