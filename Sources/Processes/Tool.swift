import Glibc
public import SystemPackage

/// The host's programs, and the caller's environment.
public enum Tool {
    /// The program's path as a shell would find it; nil when it is not in PATH.
    public static func find(_ name: String) -> FilePath? {
        places(name).first { program($0) != nil }.map { FilePath($0) }
    }

    /// Every program of that name in PATH, in order; one that is there by two paths counts once, as with `/bin` and `/usr/bin`.
    public static func all(_ name: String) -> [FilePath] {
        var seen: Set<[UInt64]> = []
        return places(name).filter { place in program(place).map { seen.insert($0).inserted } ?? false }
            .map { FilePath($0) }
    }

    private static func places(_ name: String) -> [String] {
        (variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map { "\($0)/\(name)" }
    }

    /// The device and inode of a file that may be executed; nil for a directory, which may be searched only.
    private static func program(_ path: String) -> [UInt64]? {
        var status = stat()
        guard access(path, X_OK) == 0, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
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
