import Glibc
import SystemPackage

/// A directory that goes away with the test.
final class Scratch {
    let path: FilePath

    init() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/assay-tests.XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "mkdtemp failed: \(errno)")
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit {
        _ = Tool.shell("chmod -R u+rwx '\(path)' 2>/dev/null; rm -rf '\(path)'")
    }

    /// The names in the directory, or in one below it.
    func names(in directory: String = ".") -> [String] {
        let text = Tool.output("ls -A '\(path.string)/\(directory)'")
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func write(_ bytes: [UInt8], to name: String) -> FilePath {
        let file = path.appending(name)
        let descriptor = open(file.string, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        precondition(descriptor >= 0, "cannot write \(file)")
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + offset, bytes.count - offset)
            }
            precondition(count > 0)
            offset += count
        }
        close(descriptor)
        return file
    }

    func read(_ name: String) -> [UInt8]? {
        let descriptor = open(path.appending(name).string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    func status(_ name: String) -> stat? {
        var status = stat()
        return lstat(path.appending(name).string, &status) == 0 ? status : nil
    }
}

/// The system's own programs.
enum Tool {
    /// Runs a command; true when it succeeds.
    static func shell(_ command: String) -> Bool {
        system(command) == 0
    }

    static func output(_ command: String) -> [UInt8] {
        guard let stream = popen(command, "re") else { return [] }
        defer { pclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// What a filter such as `gzip -nc` makes of the bytes.
    static func filter(_ bytes: [UInt8], through command: String) -> [UInt8] {
        let scratch = Scratch()
        let file = scratch.write(bytes, to: "input")
        return output("(\(command)) < '\(file)'")
    }
}
