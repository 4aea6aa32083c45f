public import Glibc
import Sandbox
public import SystemPackage

/// A directory that is removed at the end of the test.
public final class Scratch {
    public let path: FilePath

    /// Made without Assay's help; other users may look into it.
    public init() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/assay-tests.XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "mkdtemp failed: \(errno)")
        path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        chmod(path.string, 0o755)
    }

    deinit {
        _ = SystemTool.shell("chmod -R u+rwx '\(path)' 2>/dev/null; rm -rf '\(path)'")
    }

    /// The path of this name in the directory.
    public subscript(_ name: String) -> FilePath { path.appending(name) }

    /// Runs a script in the directory, and returns its standard output.
    @discardableResult public func shell(_ script: String, as user: UInt32? = nil) -> String {
        var launch = Launch.shell("cd '\(path)' && \(script)")
        launch.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        launch.identity = user.map { ($0, $0) }
        return run(launch).output.text
    }

    /// The names in the directory, or in one below it.
    public func names(in directory: String = ".") -> [String] {
        let text = SystemTool.output("ls -A '\(path.string)/\(directory)'")
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @discardableResult public func write(_ bytes: [UInt8], to name: String) -> FilePath {
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

    public func read(_ name: String) -> [UInt8]? {
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

    public func status(_ name: String) -> stat? {
        var status = stat()
        return lstat(path.appending(name).string, &status) == 0 ? status : nil
    }

    public func text(_ name: String) -> String? { read(name).map { String(decoding: $0, as: UTF8.self) } }
}
