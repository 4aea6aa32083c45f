import CSandbox

/// Memory that is first written and then executed. Every translating emulator needs it.
public enum ExecutableMemory {
    /// The errno with which the kernel refuses such memory to this process; 0 if it grants it.
    public static func refusal() -> Int32 { assay_try_write_execute() }

    /// Whether prctl(PR_SET_MDWE) holds for this process, and so for its children.
    public static func isDenied() -> Bool { assay_denies_write_execute() == 1 }
}
