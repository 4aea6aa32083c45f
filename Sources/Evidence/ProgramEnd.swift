/// How a program that was to be run ended, or why it never began. Nothing here is judged.
public enum ProgramEnd: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// Its time limit passed.
    case hung(limit: Duration)
    /// execve(2) refused the program: the errno and its words.
    case refused(error: Int32, text: String)
    /// The venue could not be made: what the harness was doing, and the errno.
    case noVenue(stage: StartStage, error: Int32, text: String)
    /// The harness itself was interrupted or lost its child.
    case lost(reason: String)
}

extension ProbeEvidence.Result {
    /// What the end of its process says of a probe; nil for an exit status, which is the program's own word.
    ///
    /// - Parameter said: the program's last words.
    public init?(_ end: ProgramEnd, said: String) {
        switch end {
        case .exited: return nil
        case .signalled(let signal): self = .crashed(signal: signal, message: said)
        case .hung(let limit): self = .hung(limit: limit)
        case .refused(let error, let text): self = .refused(error: error, text: text)
        case .noVenue(let stage, let error, let text): self = .noVenue(stage: stage, error: error, text: text)
        case .lost(let reason): self = .lost(reason: reason)
        }
    }
}
