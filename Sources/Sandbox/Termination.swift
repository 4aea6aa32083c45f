public import Evidence
public import Files

/// How a launch ended, and what it printed.
public struct Termination: Sendable {
    /// How the launch ended.
    public enum Reason: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// The program never ran, so there is no exit status.
        case notStarted(StartFailure)
        /// The time limit passed. The whole process tree was killed.
        case timedOut
        /// The caller was told to stop (SIGINT, SIGTERM). The whole process tree was killed.
        case interrupted
        /// The monitor ended without reporting the program's end: it was killed from outside, or memory ran out.
        case lost
        /// This many of its processes could not be killed, so the launch has not ended, whatever else is known.
        case left(processes: Int)
        /// A system call of Assay failed, in the monitor or in reading the output, so the program's end is unknown.
        case unobserved(CallFailure)
    }

    public var reason: Reason
    /// After `timedOut`: the limit that passed, `timeout` or `idleTimeout`.
    public var limit: Duration?
    public var output = Captured()
    public var errors = Captured()
    /// From clone to the end of the process tree.
    public var duration: Duration
    /// From clone until exec succeeded; nil if it did not.
    public var started: Duration?
    /// The file that ran as the program, by `/proc/PID/exe`: for an emulated program its interpreter.
    public var executed: FileIdentity?
    /// How many descendants outlived the program, and were killed. Counted only in `direct`: elsewhere the kernel ends
    /// them with their pid namespace.
    public var stragglers = 0
    /// From clone until the first byte of standard output; nil if there was none.
    public var answered: Duration?
    /// User and system time of the program and of the descendants that it waited for.
    public var processorTime = Duration.zero
    /// The system's part of `processorTime`.
    public var systemTime = Duration.zero
    /// Peak resident set of the program, in bytes.
    public var peakMemory = 0
    /// The errno of mounting /proc in the venue; 0 if it is there.
    public var procError: Int32 = 0

    /// Drops the output once it was read.
    public mutating func forgetOutput() { (output, errors) = (Captured(), Captured()) }

    /// The last line of standard error; without one, `words`.
    public var complaint: String { errors.text.split(separator: "\n").last.map(String.init) ?? words }

    /// How it ended, for people.
    public var words: String {
        switch reason {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal)"
        case .notStarted(let failure): failure.description
        case .timedOut: "no end within \(limit ?? duration)"
        case .interrupted: "interrupted before it was done"
        case .lost: "the process was killed from outside, or ran out of memory"
        case .left(let count): "\(count) of its processes could not be ended, and are left"
        case .unobserved(let failure): "it could not be observed to its end: \(failure)"
        }
    }

    /// How it ended, as evidence.
    public var end: ProgramEnd {
        switch reason {
        case .exited(let status): .exited(status)
        case .signalled(let signal): .signalled(signal)
        case .timedOut: .hung(limit: limit ?? duration)
        case .notStarted(let failure) where failure.stage == .program:
            .refused(error: failure.error, text: errorText(failure.error))
        case .notStarted(let failure):
            .noVenue(stage: failure.stage, error: failure.error, text: failure.description)
        case .interrupted, .lost, .left, .unobserved: .lost(reason: words)
        }
    }
}

/// Output, kept up to a limit.
public struct Captured: Sendable, Equatable {
    public var bytes: [UInt8] = []
    /// How many bytes came after the limit, and were dropped.
    public var dropped = 0

    public init() {}

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ chunk: UnsafeRawBufferPointer, limit: Int) {
        let kept = min(chunk.count, max(0, limit - bytes.count))
        bytes.append(contentsOf: chunk.prefix(kept))
        dropped += chunk.count - kept
    }
}
