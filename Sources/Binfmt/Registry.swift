import Glibc
import SystemPackage

/// The kernel's binfmt_misc registry, as the caller's user namespace sees it.
public struct Registry: Sendable, Equatable {
    /// Where the kernel's documentation says to mount it.
    public static let standardDirectory = "/proc/sys/fs/binfmt_misc"

    public enum State: Sendable, Equatable {
        case enabled
        /// `status` says `disabled`: no entry applies, whatever its own state.
        case disabled
        /// Nothing could be read: the reason, and whether the kernel lists the file system at all.
        case unavailable(reason: String, kernelKnowsIt: Bool)
    }

    public var state: State
    /// Newest first, which is the order in which the kernel tries them.
    public var handlers: [Handler]
    public var directory: String

    public init(state: State, handlers: [Handler], directory: String = Registry.standardDirectory) {
        self.state = state
        self.handlers = handlers
        self.directory = directory
    }

    /// Reads the registry mounted at `directory`. Never throws: what could not be read is part of the answer.
    public static func read(directory: String = standardDirectory) -> Registry {
        let status: String
        let names: [String]
        do {
            // The bare directory exists wherever the module is loaded; `status` only where the file system is mounted.
            status = try readText("\(directory)/status")
            names = try list(directory)
        } catch Errno.noSuchFileOrDirectory {
            return unavailable("no binfmt_misc file system is mounted on \(directory)", directory)
        } catch {
            return unavailable("\(directory): \(error)", directory)
        }
        let handlers = names.filter { $0 != "register" && $0 != "status" }.compactMap { name in
            // An entry may vanish between listing and reading.
            (try? readText("\(directory)/\(name)")).map { Handler(name: name, text: $0) }
        }
        let state: State = status.split(separator: "\n").first == "disabled" ? .disabled : .enabled
        return Registry(state: state, handlers: handlers, directory: directory)
    }

    /// The entry that takes a file with this header: the first enabled one that matches.
    public func handler(for header: [UInt8]) -> Handler? {
        guard state == .enabled else { return nil }
        return handlers.first { $0.enabled && $0.matches(header) }
    }

    private static func unavailable(_ reason: String, _ directory: String) -> Registry {
        let filesystems = (try? readText("/proc/filesystems")) ?? ""
        let known = filesystems.split(separator: "\n").contains { $0.hasSuffix("\tbinfmt_misc") }
        return Registry(
            state: .unavailable(reason: reason, kernelKnowsIt: known), handlers: [], directory: directory)
    }

    /// Directory order, which for binfmt_misc is that of the kernel's own list: newest entry first.
    static func list(_ directory: String) throws -> [String] {
        guard let stream = opendir(directory) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// - Throws: `Errno`; `Errno.invalidArgument` for what is no regular file: nobody may write to a pipe for ever.
    static func readText(_ path: String) throws -> String {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        defer { try? file.close() }
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Errno.invalidArgument
        }
        return try String(unsafeUninitializedCapacity: 64 << 10) { buffer in
            var count = 0
            while count < buffer.count {
                let got = try file.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]))
                if got == 0 { break }
                count += got
            }
            return count
        }
    }
}
