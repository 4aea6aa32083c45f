/// Is told what is running.
public protocol ProgressListener {
    /// A venue with this many probes began, or a builder (no probes).
    func began(_ name: String, probes: Int)
    /// A chunk of output arrived.
    func output(_ name: String, _ bytes: UnsafeRawBufferPointer)
    /// Everything has ended.
    func finished()
}
