import Files
import FoundationEssentials
import Glibc
import Processes
public import SystemPackage

/// Where a Docker command line looks for its daemon: `DOCKER_HOST`, else the current context.
public struct DockerEndpoint {
    let address: String

    init(address: String) { self.address = address }

    init(program: FilePath, _ runner: ToolRunner) {
        let arguments = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
        let context = Self.context
        address =
            Tool.variable("DOCKER_HOST")
            ?? runner.answer(Docker.launch(program, arguments, work: runner.work))?.split(separator: "\n").first.map(
                String.init)
            ?? (context == "default" ? "unix:///var/run/docker.sock" : "context \(context)")
    }

    /// The current context's name, in the command line's order: `default` if `DOCKER_HOST` is set, else
    /// `DOCKER_CONTEXT`, else the one that `docker context use` saved.
    public static var context: String {
        if Tool.variable("DOCKER_HOST") != nil { return "default" }
        return Tool.variable("DOCKER_CONTEXT") ?? chosenContext ?? "default"
    }

    private static var chosenContext: String? {
        struct Configuration: Decodable { var currentContext: String? }
        guard let bytes = try? WholeFile.read(directory.appending("config.json").string, limit: 1 << 20) else {
            return nil
        }
        let chosen = try? JSONDecoder().decode(Configuration.self, from: Data(bytes)).currentContext
        return chosen.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Why nothing answers at the address.
    ///
    /// - Parameter message: what the command line said.
    func explain(_ message: String) -> String {
        let lines = message.split(separator: "\n")
        // The command line may panic on an address that it cannot parse, with a trace after the reason.
        let said =
            (lines.first { $0.hasPrefix("panic:") } ?? lines.last { !$0.hasPrefix("WARNING") }).map(String.init)
            ?? "no answer"
        guard address.hasPrefix("unix://") else { return said }
        let socket = String(address.dropFirst("unix://".count))
        var status = stat()
        guard stat(socket, &status) == 0 else {
            return "there is no such socket: no daemon is running there\(rootless(socket))"
        }
        guard access(socket, R_OK | W_OK) == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            return
                "user \(geteuid()) may not use this socket (owner \(status.st_uid), group \(status.st_gid), mode \(mode))"
                + "; its group's members may\(rootless(socket))"
        }
        return said
    }

    /// A rootless daemon listens elsewhere, which people forget.
    private func rootless(_ socket: String) -> String {
        let directory = Tool.variable("XDG_RUNTIME_DIR") ?? "/run/user/\(geteuid())"
        let other = "\(directory)/docker.sock"
        guard other != socket, access(other, R_OK | W_OK) == 0 else { return "" }
        return "; a rootless daemon's is here: export DOCKER_HOST=unix://\(other)"
    }

    /// Paths that the command line makes in the user's home: its directory, and an identity for builds.
    static var configuration: [FilePath] {
        [directory, directory.appending(".buildNodeID")]
    }

    /// The command line's configuration directory.
    public static var directory: FilePath {
        FilePath(Tool.variable("DOCKER_CONFIG") ?? "\(Tool.variable("HOME") ?? "/root")/.docker")
    }
}
