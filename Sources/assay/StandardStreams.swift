import Files
import Glibc
import Processes
import Reports
import SystemPackage

enum StandardStreams {
    /// Opens a replacement for each standard stream that the caller closed: otherwise the next opened file would get
    /// its number. Writing to such a standard output fails, because nobody receives the text.
    static func makeWhole() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // open(2) takes the lowest free number, which is this one. Without the device, a directory serves: it can
            // be neither read nor written.
            if open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY) < 0 { _ = open("/", O_RDONLY) }
        }
    }
}

/// Standard output, which holds only the document.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Of its terminal, in columns; nil for a file or a pipe.
    static var terminalWidth: Int? { Terminal.width(STDOUT_FILENO) }

    /// The same; of a file or a pipe the usual one.
    static var width: Int { terminalWidth ?? ConsoleStyle.usualWidth }

    /// - Throws: `Errno` of write(2), so that a lost report is not taken for a delivered one.
    static func write(_ text: SafeText) throws { try write(own: Array(text.string.utf8)) }

    /// Writes bytes that are all Assay's own, or that another Assay reads.
    ///
    /// - Throws: `Errno` of write(2).
    static func write(own bytes: [UInt8]) throws {
        try DescriptorWriter(STDOUT_FILENO).write(bytes)
    }
}

/// Standard error, which holds everything else.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Of its terminal, in columns.
    static var width: Int { Terminal.width(STDERR_FILENO) ?? 80 }

    static func write(_ text: SafeText) {
        // A failure here cannot be reported anywhere.
        try? DescriptorWriter(STDERR_FILENO).write(Array(text.string.utf8))
    }
}

/// The parts of the caller's environment that Assay uses.
enum CallerEnvironment {
    static var wantsColours: Bool { Terminal.wantsColours(isTerminal: StandardOutput.isTerminal) }

    static var wantsLiveLine: Bool {
        StandardError.isTerminal && Tool.variable("CI") == nil && Tool.variable("TERM") != "dumb"
    }

    /// `$XDG_CACHE_HOME/assay`, else `~/.cache/assay`; nil if neither is known.
    static var cacheDirectory: FilePath? {
        let base =
            Tool.variable("XDG_CACHE_HOME").map { FilePath($0) }
            ?? Tool.variable("HOME").map { FilePath($0).appending(".cache") }
        return base.flatMap { $0.isAbsolute ? $0.appending("assay") : nil }
    }

    /// `$XDG_STATE_HOME/assay`, else `~/.local/state/assay`; nil if neither is an absolute path. The XDG base directory
    /// specification says to ignore a relative one.
    static var stateDirectory: FilePath? {
        func absolute(_ name: String) -> FilePath? {
            Tool.variable(name).map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
        }
        return (absolute("XDG_STATE_HOME") ?? absolute("HOME")?.appending(".local/state"))?.appending("assay")
    }

    /// The environment of a drill's process: the necessary variables, and a Docker host that does not exist.
    static var forDrills: [String: String] {
        var variables = ["DOCKER_HOST": "tcp://none"]
        for name in ["PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "ASSAY_IMAGES"] {
            variables[name] = Tool.variable(name)
        }
        return variables
    }

    /// Variables that reach an emulator in any build on this host and change its behaviour.
    static var emulatorVariables: [String: String] {
        Tool.environment.filter { $0.key.hasPrefix("QEMU_") || $0.key == "LD_PRELOAD" }
    }

    /// The absolute path of this program.
    ///
    /// - Throws: `CallFailure`.
    static var program: String {
        get throws {
            guard let path = realpath("/proc/self/exe", nil) else {
                throw CallFailure("realpath /proc/self/exe", Errno(rawValue: errno))
            }
            defer { free(path) }
            return String(cString: path)
        }
    }
}
