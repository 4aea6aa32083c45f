import Glibc
import Sandbox
import SystemPackage

/// Where a Docker command line looks for its daemon: `DOCKER_HOST`, else the current context.
struct DockerEndpoint {
    let address: String

    init(address: String) { self.address = address }

    init(program: FilePath, _ bench: Bench) {
        let arguments = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
        address =
            Tool.variable("DOCKER_HOST")
            ?? bench.answer(Docker.launch(program, arguments))?.split(separator: "\n").first.map(String.init)
            ?? "unix:///var/run/docker.sock"
    }

    /// Says why nothing answers there.
    ///
    /// - Parameter message: what the command line said.
    func explain(_ message: String) -> String {
        let said = message.split(separator: "\n").last { !$0.hasPrefix("WARNING") }.map(String.init) ?? "no answer"
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

    /// What the command line writes into the user's home: an identity of its own for builds.
    static var configuration: [FilePath] {
        let home = Tool.variable("HOME") ?? "/root"
        let directory = FilePath(Tool.variable("DOCKER_CONFIG") ?? "\(home)/.docker")
        return [directory, directory.appending(".buildNodeID"), directory.appending("buildx")]
    }
}
