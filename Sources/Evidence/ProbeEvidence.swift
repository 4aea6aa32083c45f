import Glibc

/// What happened when a probe was tried in a venue. Nothing here is judged.
public struct ProbeEvidence: Sendable, Equatable {
    /// What one probe showed.
    public enum Result: Sendable, Equatable {
        /// The probe ran, proved itself with the nonce, and saw the specified result.
        case passed(note: ProbeNote?)
        /// The probe ran and proved itself, but saw another result.
        case failed(expected: String, seen: String)
        /// The probe ran, proved itself, and said that it does not apply.
        case skipped(reason: String)
        /// A signal killed its process.
        case crashed(signal: Int32, message: String)
        /// Its time limit passed.
        case hung(limit: Duration)
        /// Its process ended without a result.
        case silent(status: Int32)
        /// execve(2) refused the program: the errno and its text.
        case refused(error: Int32, text: String)
        /// Something ran, but did not print the proof.
        case unproven(detail: String)
        /// The venue could not be made: the stage that failed, and its errno.
        case noVenue(stage: StartStage, error: Int32, text: String)
        /// The venue does not apply to this caller.
        case notApplicable(reason: String)
        /// A limit was shown to stop it: what was seen, and the limit.
        case limited(detail: String)
        /// Assay itself was interrupted, or lost its child.
        case lost(reason: String)
        /// The time for all probes was up before its turn.
        case notBegun
    }

    public var probe: String
    public var image: String
    public var venue: Venue
    public var result: Result
    /// From the start of its process to its result; for repeated runs the sum.
    public var duration: Duration
    /// How often it was started.
    public var attempts: Int
    /// How the core image's program began; nil for other images, and if it did not begin.
    public var start: InitialStack?
    /// If it hung: the result of another attempt; nil if none was made.
    public var again: HangTrial?
    /// The result of another start of the image's smallest program, after it did not start; nil if none was made.
    public var second: Result?
    /// The last line of standard error of the core image's program, if it printed no result. The emulator printed it:
    /// the program itself prints nothing there. Empty for other images, which could forge it.
    public var words = ""
    /// It is a probe of this project, whose proof speaks of the emulator. What a user's own program does speaks of that program.
    public var speaksOfEmulator = true
    /// The result of each run, if the probe was repeated to measure its failure rate.
    public var repetition: Repetition?

    public init(
        probe: String, image: String, venue: Venue, result: Result, duration: Duration = .zero, attempts: Int = 1
    ) {
        self.probe = probe
        self.image = image
        self.venue = venue
        self.result = result
        self.duration = duration
        self.attempts = attempts
    }

    /// Whether it computed or saw something else than it should.
    public var isFailure: Bool {
        if case .failed = result { true } else { false }
    }

    /// Whether the guest's program ran, and proved it.
    public var didRun: Bool {
        switch result {
        case .passed, .failed, .skipped: true
        default: false
        }
    }

    /// Whether something ran, and did not end as it should: a variable of the emulator's may be the reason.
    public var mayBeByVariable: Bool {
        switch result {
        case .failed, .unproven, .silent, .crashed, .hung: speaksOfEmulator
        default: false
        }
    }

    /// The probe of the core image that needs least: where it does not start, no program does.
    public var isSmallest: Bool { image == "core" && probe == "exec.static" }

    /// Whether an errno means that a resource ran out or a device failed. It then says nothing about program or host.
    public static func isShortage(_ error: Int32) -> Bool {
        [EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EDQUOT, EIO, EFBIG, E2BIG].contains(error)
    }

    /// Whether the kernel, or a rule of this host, refuses the namespaces of a venue.
    public static func isRefusal(of stage: StartStage, _ error: Int32) -> Bool {
        switch stage {
        case .namespaces, .identityMap: [EPERM, EACCES, ENOSPC, EUSERS, EINVAL, ENOSYS].contains(error)
        // A security module or a filter of system calls: the namespace was granted, and its use is not.
        case .mount, .pivot: [EPERM, ENOSYS].contains(error)
        default: false
        }
    }

    /// Whether the venue could not be made, because its namespaces are refused.
    public var isNamespaceRefused: Bool {
        if case .noVenue(let stage, let error, _) = result { Self.isRefusal(of: stage, error) } else { false }
    }

    /// For example `exec.static@chroot`.
    public var reference: String { "\(probe)@\(venue.rawValue)" }
}

extension ProbeEvidence.Result {
    /// Whether nothing went wrong: the probe passed, or found that it does not apply.
    public var isSound: Bool {
        switch self {
        case .passed, .skipped, .notApplicable: true
        default: false
        }
    }

    /// Whether it ran, proved itself, and saw the specified result.
    public var isPass: Bool {
        if case .passed = self { true } else { false }
    }
}
