/// How a child process ended, by what waitpid(2) says.
public enum WaitStatus: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)

    public init(_ status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
    }
}
