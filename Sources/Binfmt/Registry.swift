import Files
import Glibc
import SystemPackage

/// The kernel's binfmt_misc registry, as the caller's user namespace sees it.
public struct Registry: Sendable, Equatable {
    /// Where the kernel's documentation says to mount it.
    public static let standardDirectory = "/proc/sys/fs/binfmt_misc"

    /// The state of the registry as a whole.
    public enum State: Sendable, Equatable {
        case enabled
        /// `status` says `disabled`: no entry applies, even if it is enabled itself.
        case disabled
        /// Nothing could be read. `kernelKnowsIt`: whether `/proc/filesystems` lists binfmt_misc.
        case unavailable(reason: String, kernelKnowsIt: Bool)
    }

    public var state: State
    /// Newest first, which is the order in which the kernel tries them.
    public var handlers: [Handler]
    /// Where the registry is mounted.
    public var directory: String
    /// What could not be read, and why. Unless this is empty, an entry that is not in `handlers` may still exist.
    public var unread: [String] = []

    public init(state: State, handlers: [Handler], directory: String = Registry.standardDirectory) {
        self.state = state
        self.handlers = handlers
        self.directory = directory
    }

    /// The most entries that are read: a hundred times what any host has. The kernel compares each program that starts
    /// with all of them.
    private static let mostEntries = 50_000

    /// Reads the registry mounted at `directory`. Never throws: the result says what could not be read.
    public static func read(directory: String = standardDirectory) -> Registry {
        let status: String
        let names: [String]
        do throws(Errno) {
            // The bare directory exists wherever the module is loaded. `status` exists only if the file system is
            // mounted.
            status = try readText("\(directory)/status")
            // The kernel lists its entries in the order in which it tries them: newest first.
            names = try DirectoryListing.names(in: directory)
        } catch .noSuchFileOrDirectory {
            if let reason = withoutProc(directory) { return unavailable(reason, directory, unread: true) }
            return unavailable("no binfmt_misc file system is mounted on \(directory)", directory)
        } catch {
            return unavailable("opening, reading or listing \(directory): \(error)", directory, unread: true)
        }
        var unread: [String] = []
        let entries = names.filter { $0 != "register" && $0 != "status" }
        if entries.count > mostEntries {
            unread.append("\(directory): expected at most \(mostEntries) entries, found \(entries.count)")
        }
        let handlers = entries.prefix(mostEntries).compactMap { name -> Handler? in
            do throws(Errno) { return Handler(name: name, text: try readText("\(directory)/\(name)")) } catch {
                // An entry may be removed between listing and reading; then it is not listed any more.
                let isGone =
                    error == .noSuchFileOrDirectory
                    && (try? DirectoryListing.names(in: directory))?.contains(name) == false
                if !isGone { unread.append("opening or reading \(directory)/\(name): \(error)") }
                return nil
            }
        }
        let state: State = status.split(separator: "\n").first == "disabled" ? .disabled : .enabled
        var registry = Registry(state: state, handlers: handlers, directory: directory)
        registry.unread = unread
        return registry
    }

    /// Why nothing below `/proc` can be read; nil if it can. The kernel may have entries all the same.
    private static func withoutProc(_ directory: String) -> String? {
        guard directory == standardDirectory, access("/proc/sys", F_OK) != 0 else { return nil }
        guard access("/proc/self", F_OK) == 0 else {
            return "/proc is not mounted: the registry cannot be read; programs are tried and files opened all the same"
        }
        return "/proc is mounted without /proc/sys (subset=pid): the registry cannot be read"
    }

    /// The entry that takes a file with this header: the first enabled one that matches.
    public func handler(for header: [UInt8]) -> Handler? {
        guard state == .enabled else { return nil }
        return handlers.first { $0.enabled && $0.matches(header) }
    }

    private static func unavailable(_ reason: String, _ directory: String, unread: Bool = false) -> Registry {
        let filesystems = (try? readText("/proc/filesystems")) ?? ""
        let known = filesystems.split(separator: "\n").contains { $0.hasSuffix("\tbinfmt_misc") }
        var registry = Registry(
            state: .unavailable(reason: reason, kernelKnowsIt: known), handlers: [], directory: directory)
        if unread { registry.unread = [reason] }
        return registry
    }

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: `Errno`; `.invalidArgument` for anything but a regular file: a pipe may never end.
    static func readText(_ path: String) throws(Errno) -> String {
        String(decoding: try WholeFile.read(path, limit: 1 << 20, heedsStop: false), as: UTF8.self)
    }
}
