import Glibc
import Sandbox
import SystemPackage
import Testing

/// `hostile.c`, compiled once for all tests.
struct HostileProgram {
    /// What it can do, as the file lists it.
    static let deeds: [String] = {
        let source = FilePath(#filePath).removingLastComponent().appending("hostile.c")
        guard let bytes = try? readWhole(source.string, limit: 1 << 20) else { return [] }
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
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWriteExecute)
        try file.closeAfter { _ = try file.writeAll(bytes) }
        chmod(path.string, 0o755)
    }

    /// Its processes that are there in two seconds still, by what they execute; they are killed.
    var left: [pid_t] {
        let begun = ContinuousClock.now
        var found = running
        while !found.isEmpty, begun.duration(to: .now) < .seconds(2) {
            usleep(10000)
            found = running
        }
        for process in found { kill(process, SIGKILL) }
        return found
    }

    private var running: [pid_t] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [pid_t] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = pid_t(name) else { continue }
            var target = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/\(name)/exe", &target, target.count)
            guard count > 0 else { continue }
            let text = String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // In an image it lies elsewhere, and when that is gone, too, the kernel says so behind its name.
            if text.hasPrefix(path.string) || text.contains("hostile-\(marker)") { found.append(process) }
        }
        return found
    }

    /// What an image calls it, so that it is told from those of other tests.
    var marker: String { path.removingLastComponent().lastComponent?.string ?? "none" }
}
