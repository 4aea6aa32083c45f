/// How a program ended, or why it did not start. Nothing here is judged.
public enum ProgramEnd: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// Its time limit passed.
    case hung(limit: Duration)
    /// execve(2) refused the program: the errno and its text.
    case refused(error: Int32, text: String)
    /// The venue could not be made: the stage that failed, and its errno.
    case noVenue(stage: StartStage, error: Int32, text: String)
    /// Assay itself was interrupted, or lost its child.
    case lost(reason: String)
}

extension ProbeEvidence.Result {
    /// The result that the end of its process implies. Nil for an exit status: then the program's output decides.
    ///
    /// - Parameter said: the last line that the program printed.
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
