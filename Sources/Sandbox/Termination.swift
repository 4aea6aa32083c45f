public import Evidence
public import Files

/// How a launch ended, and what it left to read.
public struct Termination: Sendable {
    public enum Reason: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// The program never ran; this says nothing about its exit status.
        case notStarted(StartFailure)
        /// The time limit passed; the whole process tree was killed.
        case timedOut
        /// The caller was told to stop (SIGINT, SIGTERM); the whole process tree was killed.
        case interrupted
        /// The monitor ended without telling how its program did: killed from outside, or out of memory.
        case lost
        /// So many of its processes could not be killed. Whatever else is known of it, it has not ended.
        case left(processes: Int)
        /// A system call of Assay's own failed, of its monitor's or in reading what it printed: what became of it is not known.
        case unobserved(CallFailure)
    }

    public var reason: Reason
    /// After `timedOut`: the limit that passed, for the whole or for silence.
    public var limit: Duration?
    public var output = Captured()
    public var errors = Captured()
    /// From clone to the end of the process tree.
    public var duration: Duration
    /// From clone until exec succeeded; nil when it did not.
    public var started: Duration?
    /// The file that ran as the program: for an emulated one its interpreter, as `/proc/PID/exe` shows it.
    public var executed: FileIdentity?
    /// Descendants that outlived the program and were killed. Counted in the `direct` venue only: elsewhere the kernel ends them with their pid namespace.
    public var stragglers = 0
    /// From clone until the first byte of standard output; nil when there was none.
    public var answered: Duration?
    /// Processor time of the program and of the descendants that it waited for, user and system together.
    public var processorTime = Duration.zero
    /// The system's part of it.
    public var systemTime = Duration.zero
    /// Peak resident set of the program, bytes.
    public var peakMemory = 0
    /// errno of mounting /proc in the venue; 0 when it is there.
    public var procError: Int32 = 0

    /// Lets go of what it printed, once that was read.
    public mutating func forgetOutput() { (output, errors) = (Captured(), Captured()) }

    /// The last line of standard error; where it said nothing, how it ended.
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

/// Output kept up to a bound.
public struct Captured: Sendable, Equatable {
    public var bytes: [UInt8] = []
    /// Bytes that came after the bound and were dropped.
    public var dropped = 0

    public init() {}

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ chunk: UnsafeRawBufferPointer, limit: Int) {
        let kept = min(chunk.count, max(0, limit - bytes.count))
        bytes.append(contentsOf: chunk.prefix(kept))
        dropped += chunk.count - kept
    }
}
