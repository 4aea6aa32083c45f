import Glibc
import SystemPackage

/// A change of the registry that the kernel refused.
public struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done: `register NAME`.
    public var action: String
    public var path: String
    /// What was written, in printable characters.
    public var text: String
    /// The errno of the call that failed.
    public var error: Int32
    /// Whether the file could be opened for writing: then the kernel refused the text.
    public var wasOpened = false

    public var description: String {
        let reason: String
        switch error {
        case ENOENT: reason = "the interpreter does not exist, or no binfmt_misc is mounted there"
        case EEXIST: reason = "an entry of that name exists"
        case EINVAL: reason = "the kernel does not accept the rule"
        case EACCES where wasOpened: reason = "the interpreter may not be opened or executed"
        case EACCES, EPERM: reason = "not permitted: this needs root"
        default: reason = Errno(rawValue: error).description
        }
        return "cannot \(action): writing \"\(text)\" to \(path): \(reason) (errno \(error))"
    }
}

extension Registry {
    /// Registers an entry: `echo RULE > register`.
    ///
    /// - Throws: `RegistryError`; `ENOENT` with the `F` flag if the interpreter does not exist; `EINVAL` for an entry
    ///   without a `rule`.
    public static func register(_ handler: Handler, directory: String = standardDirectory) throws(RegistryError) {
        try write(handler.rule ?? "", to: "\(directory)/register", action: "register \(handler.name)")
    }

    /// Removes an entry: `echo -1 > NAME`.
    ///
    /// - Throws: `RegistryError`.
    public static func remove(_ name: String, directory: String = standardDirectory) throws(RegistryError) {
        try write("-1", to: "\(directory)/\(name)", action: "remove \(name)")
    }

    /// Enables or disables one entry, or all of them with the name `status`.
    ///
    /// - Throws: `RegistryError`.
    public static func setEnabled(
        _ name: String, _ enabled: Bool, directory: String = standardDirectory
    ) throws(RegistryError) {
        let action = (enabled ? "enable " : "disable ") + name
        try write(enabled ? "1" : "0", to: "\(directory)/\(name)", action: action)
    }

    private static func write(_ text: String, to path: String, action: String) throws(RegistryError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RegistryError(action: action, path: path, text: text, error: errno) }
        defer { close(descriptor) }
        // The kernel takes each write(2) as one whole rule.
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw RegistryError(action: action, path: path, text: text, error: errno, wasOpened: true)
        }
    }
}
