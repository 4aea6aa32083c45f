import Glibc
public import SystemPackage

/// The host's programs, and the caller's environment.
public enum Tool {
    /// The program's path as a shell would find it; nil when it is not in PATH.
    public static func find(_ name: String) -> FilePath? { all(name).first }

    /// Every program of that name in PATH, in order; one that is there by two paths counts once, as with `/bin` and `/usr/bin`.
    public static func all(_ name: String) -> [FilePath] {
        let path = variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
        var seen: Set<[UInt64]> = []
        return path.split(separator: ":").map { FilePath(String($0)).appending(name) }.filter { program in
            var status = stat()
            return access(program.string, X_OK) == 0 && stat(program.string, &status) == 0
                && seen.insert([UInt64(status.st_dev), UInt64(status.st_ino)]).inserted
        }
    }

    /// A variable of the caller's environment, unless it is empty.
    public static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The caller's environment.
    public static var environment: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return variables
    }
}
