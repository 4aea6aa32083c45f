/// Hears what is running. The default is silence.
public protocol ProgressListener {
    /// Something was begun: a venue with this many probes, or a builder (no probes).
    func began(_ name: String, probes: Int)
    /// A chunk of its output came.
    func output(_ name: String, _ bytes: UnsafeRawBufferPointer)
    /// Nothing runs any more.
    func finished()
}
