import Evidence
import Glibc
import Processes
import SystemPackage

/// The installed program that starts containers for the `oci` venue: runc, or crun, which has the same command line.
public struct OCIRuntime: Sendable {
    let path: FilePath

    var name: String { path.lastComponent?.string ?? path.string }

    /// Names the runtime to use, by name or path.
    private static let variable = "ASSAY_OCI_RUNTIME"

    /// The runtime that `ASSAY_OCI_RUNTIME` names; without it runc, else crun; nil if none is installed.
    public static var installed: OCIRuntime? {
        let names = Tool.variable(variable).map { [$0] } ?? ["runc", "crun"]
        return names.lazy.compactMap(find).first.map(OCIRuntime.init)
    }

    /// Packages install runtimes where an ordinary user's PATH does not lead.
    private static func find(_ name: String) -> FilePath? {
        if name.contains("/") { return access(name, X_OK) == 0 ? FilePath(name) : nil }
        return Tool.find(name)
            ?? ["/usr/local/sbin", "/usr/sbin", "/sbin"].map { FilePath($0).appending(name) }
            .first { access($0.string, X_OK) == 0 }
    }

    /// Whether the installed runtime can filter system calls. Asks its `--version`, once.
    static let filtersCalls: Bool = {
        guard let runtime = installed else { return false }
        let version = Launch(
            path: runtime.path, arguments: [runtime.name, "--version"], venue: .direct, timeout: .seconds(10))
        let said = Supervisor(jobs: 1).run(version).output.text
        // runc prints the library's version, crun its features.
        return said.contains("libseccomp") || said.contains("+SECCOMP")
    }()

    /// Why there is no runtime, for people.
    static var absence: String {
        Tool.variable(variable).map { "there is no program \($0), which \(variable) names" }
            ?? "no OCI runtime is installed: neither runc nor crun"
    }

    /// A command of the runtime, with its state in a directory of the caller.
    func launch(_ arguments: [String], state: FilePath, timeout: Duration) -> Launch {
        // In a user namespace that maps every id, runc takes itself for the host's root, and insists on cgroups that it
        // may not set up.
        let options = name.hasPrefix("runc") ? ["--rootless=true"] : []
        return Launch(
            path: path, arguments: [name, "--root", state.string] + options + arguments, venue: .direct,
            timeout: timeout)
    }
}
