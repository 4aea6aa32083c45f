/// How a program ended, or why it did not start. Nothing here is judged.
public enum ProgramEnd: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// Its time limit passed.
    case hung(limit: Duration)
    /// execve(2) refused the program: the errno and its text.
    case refused(error: Int32, text: String)
    /// The venue could not be made: the stage of the start, and the errno.
    case noVenue(stage: StartStage, error: Int32, text: String)
    /// The harness itself was interrupted or lost its child.
    case lost(reason: String)
}

extension ProbeEvidence.Result {
    /// The result that follows from how the process ended. Nil for an exit status: the program's output decides then.
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
