/// How the core image's program found itself when it began. Nothing here is judged.
public struct ProgramStart: Sendable, Equatable {
    /// How its arguments arrived, where not as they were given.
    public enum Shift: String, Sendable {
        /// The caller's name for the program came as its first argument: P is set, and the interpreter does not know it.
        case extra
        /// The first argument was taken for the name: the interpreter expects P, and it is not set.
        case lost
    }

    /// `AT_HWCAP` and `AT_HWCAP2`: the processor's features as getauxval(3) shows them to every program.
    public var hwcap: UInt64, hwcap2: UInt64
    public var shift: Shift?

    public init(hwcap: UInt64, hwcap2: UInt64, shift: Shift? = nil) {
        self.hwcap = hwcap
        self.hwcap2 = hwcap2
        self.shift = shift
    }
}
