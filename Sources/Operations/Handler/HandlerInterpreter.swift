import ELF
import Files
import Glibc
import Guest
import Host
import Sandbox
import SystemPackage

/// Checks whether a file can be an interpreter on this host, before the kernel is asked.
struct HandlerInterpreter {
    /// The longest path that the registry takes, in bytes (`BINPRM_BUF_SIZE`).
    private static let longestPath = 127

    let path: String
    let flags: String

    /// The first candidate of this host that can be the interpreter.
    ///
    /// - Throws: `HandlerRefusal` that says what is wrong with each.
    static func best(for guest: Guest, flags: String, installCommand: String?) throws(HandlerRefusal) -> String {
        let candidates = InterpreterCandidates.paths(for: guest)
        var wrong: [String] = []
        for path in candidates where access(path, F_OK) == 0 {
            do {
                try HandlerInterpreter(path: path, flags: flags).check()
                return path
            } catch {
                wrong.append(error.found)
            }
        }
        throw HandlerRefusal(
            "choose an interpreter", expected: "a static \(guest.emulator) in one of the usual places",
            found: wrong.isEmpty
                ? "none of \(candidates.joined(separator: " "))"
                : wrong.joined(separator: "; "),
            advice: OwnContainer.trace != nil
                ? OwnContainer.binding(guest.emulator)
                : (installCommand.map { "install one (\($0))" } ?? "install one") + ", or name it with --interpreter")
    }

    /// - Throws: `HandlerRefusal` for the first fault.
    func check() throws(HandlerRefusal) {
        guard path.utf8.count <= Self.longestPath, !path.utf8.contains(UInt8(ascii: "\n")) else {
            throw refusal(
                "a path of at most \(Self.longestPath) bytes in one line", "\(path.utf8.count) bytes: \(path)")
        }
        // Opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let error = Errno(rawValue: errno)
            var absent = refusal("a file that can be read", "\(path): \(error)")
            if error.lacksInput { absent.code = .absent }
            throw absent
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal("a regular file", "\(path), which is none")
        }
        guard access(path, X_OK) == 0 else {
            throw refusal(
                "a program that may be executed", "\(path): \(errorText(errno))",
                "see its mode and its file system's noexec")
        }
        let file: ELFFile
        do {
            file = try ELFFile(DescriptorBytes(descriptor: descriptor))
        } catch {
            throw refusal("an ELF program", "\(path): \(error)")
        }
        let own = Self.ownTarget
        guard own == nil || file.header.target == own else {
            throw refusal(
                "a program for this host (\(own.map { "\($0)" } ?? ""))", "\(path), for \(file.header.target)")
        }
        if flags.contains("F"), let loader = file.interpreter {
            throw refusal(
                "a static program, as F needs: in a container its loader is not there",
                "\(path), which needs \(loader)", "install the static build (Debian: qemu-user-static)")
        }
    }

    private func refusal(_ expected: String, _ found: String, _ advice: String? = nil) -> HandlerRefusal {
        HandlerRefusal("register this interpreter", expected: expected, found: found, advice: advice)
    }

    /// The target that this host executes by itself: that of this program.
    private static var ownTarget: ELFTarget? {
        let descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return DescriptorBytes(descriptor: descriptor).bytes(at: 0, count: ELFHeader.size)
            .flatMap { try? ELFHeader(prefix: $0).target }
    }
}
