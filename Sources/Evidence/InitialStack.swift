/// What the core image's program found on its initial stack (System V ABI). Nothing here is judged.
public struct InitialStack: Sendable, Equatable {
    /// How its arguments were changed on the way.
    public enum Shift: String, Sendable {
        /// The caller's name for the program came as the first argument: the entry has P, but the interpreter does not
        /// know it.
        case extra
        /// The first argument was taken for the name: the interpreter expects P, but the entry has none.
        case lost
    }

    /// `AT_HWCAP` and `AT_HWCAP2`: the processor's features, as every program sees them by getauxval(3).
    public var hwcap: UInt64, hwcap2: UInt64
    /// Bits of `AT_HWCAP`: the features that builds need whose instruction executed, claimed or not. Nil if none was
    /// tried.
    public var executes: UInt64?
    /// Nil if the arguments arrived as given.
    public var shift: Shift?

    public init(hwcap: UInt64, hwcap2: UInt64, executes: UInt64? = nil, shift: Shift? = nil) {
        self.executes = executes
        self.hwcap = hwcap
        self.hwcap2 = hwcap2
        self.shift = shift
    }
}
