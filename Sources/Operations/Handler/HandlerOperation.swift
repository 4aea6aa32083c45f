import Binfmt
import Evidence
import Files
import Findings
import Glibc
import Sandbox
import SystemPackage

/// One change of the host, and the command for it.
enum HandlerOperation: Sendable, Equatable {
    case mount(String)
    case unmount(String)
    /// `echo RULE > register`.
    case register(Handler, directory: String)
    /// `echo -1 > NAME`.
    case unregister(String, directory: String)
    case setEnabled(String, Bool, directory: String)
    case makeDirectory(String)
    case removeDirectory(String)
    /// Replaces the file by renaming: a reader sees the old text or the new one.
    case writeFile(String, text: String)
    case link(String, to: String)
    case removeFile(String)
    case run([String])

    /// The command that a person would type, as root, to the same effect.
    var command: String {
        switch self {
        case .mount(let directory): "mount -t binfmt_misc binfmt_misc \(shellQuoted(directory))"
        case .unmount(let directory): "umount \(shellQuoted(directory))"
        case .register(let handler, let directory):
            "printf '%s' \(shellQuoted(handler.rule ?? "")) > \(shellQuoted(directory + "/register"))"
        case .unregister(let name, let directory): "printf '%s' -1 > \(shellQuoted("\(directory)/\(name)"))"
        case .setEnabled(let name, let enabled, let directory):
            "printf '%s' \(enabled ? 1 : 0) > \(shellQuoted("\(directory)/\(name)"))"
        case .makeDirectory(let path): "mkdir \(shellQuoted(path))"
        case .removeDirectory(let path): "rmdir \(shellQuoted(path))"
        case .writeFile(let path, let text): Self.printing(text) + " > \(shellQuoted(path))"
        case .link(let path, let target): "ln -sfn \(shellQuoted(target)) \(shellQuoted(path))"
        case .removeFile(let path): "rm \(shellQuoted(path))"
        case .run(let words): words.map(shellQuoted).joined(separator: " ")
        }
    }

    var isUnregistering: Bool {
        if case .unregister = self { return true }
        return false
    }

    /// Whether it would register an entry that cannot come back as it was.
    var isInVain: Bool {
        if case .register(let entry, _) = self { return !HandlerRemoval.doubts(entry).isEmpty }
        return false
    }

    var isUnmounting: Bool {
        if case .unmount = self { return true }
        return false
    }

    /// Whether it only removes something.
    var takesAway: Bool {
        switch self {
        case .unmount, .unregister, .removeDirectory, .removeFile: true
        case .run(let words): words.contains("--remove")
        case .mount, .register, .setEnabled, .makeDirectory, .writeFile, .link: false
        }
    }

    private static func printing(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count > 1 else { return "printf '%s' \(shellQuoted(text))" }
        // printf(1) writes any number of lines by one line of shell.
        if lines.last == "" { return "printf '%s\\n' " + lines.dropLast().map(shellQuoted).joined(separator: " ") }
        let format = lines.map { _ in "%s" }.joined(separator: "\\n")
        return "printf '\(format)' " + lines.map(shellQuoted).joined(separator: " ")
    }

    /// - Throws: `RegistryError` or `HandlerRefusal`. Both name the system call's error.
    func perform() throws {
        switch self {
        case .mount(let directory):
            // The kernel loads the module by itself, if there is one.
            let error = Glibc.mount("binfmt_misc", directory, "binfmt_misc", 0, nil) == 0 ? 0 : errno
            try check(error == 0, error)
        case .unmount(let directory): try check(umount(directory) == 0)
        case .register(let handler, let directory): try Registry.register(handler, directory: directory)
        case .unregister(let name, let directory): try Registry.remove(name, directory: directory)
        case .setEnabled(let name, let enabled, let directory):
            try Registry.setEnabled(name, enabled, directory: directory)
        case .makeDirectory(let path): try check(mkdir(path, 0o755) == 0)
        case .removeDirectory(let path): try check(rmdir(path) == 0)
        case .writeFile(let path, let text): try write(text, to: path)
        case .link(let path, let target):
            try check(unlink(path) == 0 || errno == ENOENT)
            try check(symlink(target, path) == 0)
        case .removeFile(let path): try check(unlink(path) == 0)
        case .run(let words): try run(words)
        }
    }

    private func check(_ succeeded: Bool, _ error: Int32 = errno) throws {
        guard !succeeded else { return }
        let advice =
            switch error {
            case EPERM, EACCES:
                OwnContainer.trace == nil
                    ? "this needs root" : "this needs root, and a container that may mount: docker run --privileged"
            case ENODEV: "this kernel has no binfmt_misc: modprobe binfmt_misc, or one built with CONFIG_BINFMT_MISC"
            case ENOENT: "its directory does not exist"
            default: nil as String?
            }
        throw HandlerRefusal(
            "do \"\(command)\"", code: .impossible, expected: "success", found: errorText(error), advice: advice)
    }

    /// Writes the file to the disk, for the next boot relies on it. Its mode does not depend on the umask, since other
    /// programs must read it.
    ///
    /// - Throws: `HandlerRefusal`.
    private func write(_ text: String, to path: String) throws {
        do throws(FileError) {
            let path = FilePath(path)
            // An administrator may have masked the entry by a link of that name: replace the link, do not follow it.
            try TrustedDirectory(path.removingLastComponent(), action: "writing below").replace(
                path.lastComponent?.string ?? "", with: Array(text.utf8), exactMode: 0o644)
        } catch {
            throw HandlerRefusal(
                "do \"\(command)\"", code: .impossible, expected: error.expected,
                found: "\(error.path): \(error.errno.map { errorText($0.rawValue) } ?? error.found)"
            )
        }
    }

    private func run(_ words: [String]) throws {
        var launch = Launch(
            path: FilePath(words.first ?? ""), arguments: words, venue: .direct, timeout: .seconds(60))
        launch.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
        let ended = Supervisor(jobs: 1).run(launch)
        guard ended.reason != .exited(0) else { return }
        let said = (ended.errors.text + ended.output.text).split(separator: "\n").joined(separator: "; ")
        throw HandlerRefusal(
            "do \"\(command)\"", code: .impossible, expected: "exit status 0",
            found: ended.words + (said.isEmpty ? "" : ": \(said)"))
    }
}
