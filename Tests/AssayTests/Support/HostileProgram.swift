import Files
import Glibc
import Sandbox
import SystemPackage
import TestSupport
import Testing

/// `hostile.c`, compiled once for all tests.
struct HostileProgram {
    /// What it can do, as the file lists it.
    static let deeds: [String] = {
        let source = FilePath(#filePath).removingLastComponent().appending("hostile.c")
        guard let bytes = try? WholeFile.read(source.string, limit: 1 << 20) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\"")
            return line.hasPrefix("    CASE(\"") && parts.count > 1 ? String(parts[1]) : nil
        }
    }()

    static let program = CompiledProgram.bytes(of: "hostile.c")
    static let reason = "needs the Swift toolchain's clang with a static libc to compile hostile.c"

    let path: FilePath

    /// - Parameter deed: nil: its last argument.
    init(_ deed: String?, in machine: Machine) throws {
        var bytes = try #require(Self.program, "\(Self.reason)")
        if let deed {
            let tail = Array("deed: \(deed)\n".utf8)
            bytes += tail + [UInt8](repeating: 0, count: 128 - tail.count)
        }
        path = machine.scratch.appending("hostile")
        try WholeFile.write(bytes, to: path, permissions: .ownerReadWriteExecute)
        chmod(path.string, 0o755)
    }

    /// Its processes that are still there after two seconds, by what they execute. Kills them.
    var left: [pid_t] {
        let found = seen(within: .seconds(2), running, until: \.isEmpty)
        for process in found { kill(process, SIGKILL) }
        return found
    }

    private var running: [pid_t] {
        allProcesses().filter { process in
            guard let target = linkTarget("/proc/\(process)/exe") else { return false }
            let text = String(decoding: target, as: UTF8.self)
            // In an image it is elsewhere. When that file is gone, too, the kernel adds `(deleted)` to the name.
            return text.hasPrefix(path.string) || text.contains("hostile-\(marker)")
        }
    }

    /// Its name in an image, which tells it from the programs of other tests.
    var marker: String { path.removingLastComponent().lastComponent?.string ?? "none" }
}
