import Evidence

/// Why QEMU's user mode ended, by its own last line.
///
/// Source: `tcg/region.c`, `accel/tcg/translate-all.c`, `linux-user/elfload.c`, `linux-user/signal.c` and `util/qemu-thread-posix.c` of QEMU 5.2 to 11.1.
enum EmulatorWords: Equatable {
    /// Memory for translated code may not be executable: EACCES or EPERM.
    case executableMemory
    /// There was no memory for translated code.
    case memory
    /// The guest's address space could not be reserved.
    case addressSpace
    /// The emulator could not make a thread of its own.
    case thread
    /// The emulator, or a wrapper of it, needs this file besides the program.
    case file(String)
    /// The guest's program died of a signal, which the emulator passed on.
    case guestSignal(String)
    /// The emulator itself died of a signal.
    case ownSignal(String)
    /// The emulator refused an option or a variable that it was started with.
    case option(String)

    /// Nil for a line that is not QEMU's.
    ///
    /// - Parameter line: the last line of the core image's program, which prints none itself. Other programs could
    ///   forge it.
    init?(_ line: String) {
        let isRefused = line.contains("Permission denied") || line.contains("Operation not permitted")
        if Self.translation.contains(where: line.contains) {
            self = isRefused ? .executableMemory : .memory
        } else if line.contains("omit the -B option") {
            self = .option(line)
        } else if line.contains("virtual address space") || line.contains("Unable to find a guest_base") {
            self = .addressSpace
        } else if line.contains("qemu_thread_create: ") || line.contains("qemu: qemu_thread") {
            self = .thread
        } else if let file = Self.quoted(after: "Could not open '", in: line) {
            self = .file(file)
        } else if let text = Self.rest(after: "uncaught target signal ", in: line) {
            self = .guestSignal(text)
        } else if let text = Self.rest(after: "QEMU internal ", in: line) {
            self = .ownSignal(text)
        } else if Self.options.contains(where: line.contains) {
            self = .option(line)
        } else {
            return nil
        }
    }

    private static let options = [
        "unable to find CPU model", "could not open gdbserver", "Error opening logfile", "Reserved virtual address",
        "page size must be a power of two", "qemu: unknown option", "can't apply global", "plugin",
    ]

    private static let translation = [
        "jit buffer", "jit mirror", "Could not allocate dynamic translator buffer",
        "failed to map shared memory for execute", "qemu_mprotect__osdep", "mmap stack: ", "cannot mmap brk: ",
        "Error mapping file: Cannot allocate memory", "Unable to allocate memory for target_argv",
    ]

    private static func rest(after words: String, in line: String) -> String? {
        guard let found = line.firstRange(of: words) else { return nil }
        return String(line[found.upperBound...])
    }

    private static func quoted(after words: String, in line: String) -> String? {
        rest(after: words, in: line).flatMap { text in
            text.firstIndex(of: "'").map { String(text[..<$0]) }
        }
    }

    /// The names of the resource limits that make it end so.
    var resources: Set<String> {
        switch self {
        case .memory: ["RLIMIT_AS", "RLIMIT_DATA"]
        case .addressSpace: ["RLIMIT_AS"]
        case .thread: ["RLIMIT_NPROC", "RLIMIT_AS", "RLIMIT_STACK"]
        case .executableMemory, .file, .guestSignal, .ownSignal, .option: []
        }
    }

    /// The finding that such an end stands for.
    var code: FindingCode {
        switch self {
        case .executableMemory, .memory, .addressSpace, .thread: .runnerLimits
        case .file: .interpreterNeedsHostFiles
        case .guestSignal, .ownSignal: .emulationCrashes
        case .option: .interpreterWrongProgram
        }
    }

    /// What it means, in one sentence.
    var cause: String {
        switch self {
        case .executableMemory:
            "The emulator translates into memory that is written and then executed, and this runner refuses such memory: "
                + "MemoryDenyWriteExecute= of a systemd unit, SELinux without execmem, or a filter of system calls."
        case .memory: "The emulator could not have the memory that it translates into."
        case .addressSpace:
            "The emulator could not reserve the guest's address space: a limit on address space (ulimit -v), "
                + "vm.overcommit_memory = 2 or vm.mmap_min_addr is in the way."
        case .thread:
            "The emulator could not make a thread: a limit on processes (ulimit -u, pids.max) or on memory is in the way."
        case .file(let path): "The emulator looked for \(path), and did not find it where the program runs."
        case .guestSignal(let signal):
            "The emulated program died of signal \(signal); the emulator itself went on, and passed the signal on."
        case .ownSignal(let signal): "The emulator itself crashed (\(signal)), not the program in it."
        case .option(let line):
            "The emulator refuses an option that it was started with, by the entry's interpreter (a wrapper, a script) or a QEMU_ variable: \(line)."
        }
    }
}
