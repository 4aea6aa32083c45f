import Evidence
import Glibc
import Processes
import SystemPackage

/// The installed program that starts the containers of the `oci` venue: runc, or crun, which has the same command line.
public struct OCIRuntime: Sendable {
    let path: FilePath

    var name: String { path.lastComponent?.string ?? path.string }

    /// A name or path that is preferred to what would be found.
    private static let variable = "ASSAY_OCI_RUNTIME"

    /// What `ASSAY_OCI_RUNTIME` names; where that is not set, the first of runc and crun that is installed; nil where there is none.
    public static var installed: OCIRuntime? {
        let names = Tool.variable(variable).map { [$0] } ?? ["runc", "crun"]
        return names.lazy.compactMap(find).first.map(OCIRuntime.init)
    }

    /// Packages put them where an ordinary user's PATH does not lead.
    private static func find(_ name: String) -> FilePath? {
        if name.contains("/") { return access(name, X_OK) == 0 ? FilePath(name) : nil }
        return Tool.find(name)
            ?? ["/usr/local/sbin", "/usr/sbin", "/sbin"].map { FilePath($0).appending(name) }
            .first { access($0.string, X_OK) == 0 }
    }

    /// Whether what is installed can hold system calls against a filter: what it says of itself, asked once.
    static let filtersCalls: Bool = {
        guard let runtime = installed else { return false }
        let version = Launch(
            path: runtime.path, arguments: [runtime.name, "--version"], venue: .direct, timeout: .seconds(10))
        let said = Supervisor(jobs: 1).run(version).output.text
        // runc names the library's version, crun its features.
        return said.contains("libseccomp") || said.contains("+SECCOMP")
    }()

    /// Why there is none, for people.
    static var absence: String {
        Tool.variable(variable).map { "there is no program \($0), which \(variable) names" }
            ?? "no OCI runtime is installed: neither runc nor crun"
    }

    /// Its command line, with its state in a directory of the caller's.
    func launch(_ arguments: [String], state: FilePath, timeout: Duration) -> Launch {
        // In a user namespace that maps every id runc takes itself for the host's root, and insists on cgroups that it may not set.
        let options = name.hasPrefix("runc") ? ["--rootless=true"] : []
        return Launch(
            path: path, arguments: [name, "--root", state.string] + options + arguments, venue: .direct,
            timeout: timeout)
    }
}
