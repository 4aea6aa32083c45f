import CSandbox

/// Memory that is written first and executed then, which every translating emulator needs.
public enum ExecutableMemory {
    /// The errno with which this process is refused such memory; 0 where it is given.
    public static func refusal() -> Int32 { assay_try_write_execute() }

    /// prctl(PR_SET_MDWE) holds for this process, and for whatever it starts.
    public static func isDenied() -> Bool { assay_denies_write_execute() == 1 }
}
