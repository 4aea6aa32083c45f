import Files
import Glibc
import Processes
import Reports
import SystemPackage

enum StandardStreams {
    /// Puts something in the place of streams that were closed by the caller: else the next file that is opened gets their number. What is then
    /// written to standard output fails, because nobody receives it.
    static func makeWhole() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest number that is free: this one. A directory, where there is no such device, gives and takes nothing.
            if open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY) < 0 { _ = open("/", O_RDONLY) }
        }
    }
}

/// Standard output: holds only the document.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// - Throws: `Errno` of write(2): a report that nobody received must not look like one that was.
    static func write(_ text: SafeText) throws { try write(own: Array(text.string.utf8)) }

    /// Writes what is Assay's own to the last byte, or for another Assay to read.
    ///
    /// - Throws: `Errno` of write(2).
    static func write(own bytes: [UInt8]) throws {
        try DescriptorWriter(STDOUT_FILENO).write(bytes)
    }
}

/// Standard error: everything else.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: SafeText) {
        // Nobody is left to tell when this fails.
        try? DescriptorWriter(STDERR_FILENO).write(Array(text.string.utf8))
    }
}

/// The caller's environment, as far as Assay heeds it.
enum CallerEnvironment {
    /// <https://no-color.org>, and logs of CI systems are no terminals even where they pretend to be.
    static var wantsColours: Bool {
        StandardOutput.isTerminal && Tool.variable("NO_COLOR") == nil && Tool.variable("CI") == nil
            && Tool.variable("TERM") != "dumb"
    }

    static var wantsLiveLine: Bool {
        StandardError.isTerminal && Tool.variable("CI") == nil && Tool.variable("TERM") != "dumb"
    }

    /// `$XDG_CACHE_HOME/assay`, else `~/.cache/assay`; nil where neither is known.
    static var cacheDirectory: FilePath? {
        let base =
            Tool.variable("XDG_CACHE_HOME").map { FilePath($0) }
            ?? Tool.variable("HOME").map { FilePath($0).appending(".cache") }
        return base.flatMap { $0.isAbsolute ? $0.appending("assay") : nil }
    }

    /// `$XDG_STATE_HOME/assay`, else `~/.local/state/assay`; nil where neither is an absolute path: a relative one is to be
    /// ignored, says the XDG base directory specification.
    static var stateDirectory: FilePath? {
        func absolute(_ name: String) -> FilePath? {
            Tool.variable(name).map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
        }
        return (absolute("XDG_STATE_HOME") ?? absolute("HOME")?.appending(".local/state"))?.appending("assay")
    }

    /// For a drill's process: what it needs to find its way, and a Docker host that is never asked.
    static var forDrills: [String: String] {
        var variables = ["DOCKER_HOST": "tcp://none"]
        for name in ["PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "ASSAY_IMAGES"] {
            variables[name] = Tool.variable(name)
        }
        return variables
    }

    /// What reaches an emulator in any build on this host, and changes what it does.
    static var emulatorVariables: [String: String] {
        Tool.environment.filter { $0.key.hasPrefix("QEMU_") || $0.key == "LD_PRELOAD" }
    }

    /// The path of this program.
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
