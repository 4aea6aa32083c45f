import CImages

/// What a builder is asked to build. Each is a folder of `Images/`, but for `cache`, which builds `run` twice.
public enum BuildRecipe: String, Sendable, CaseIterable {
    /// A `RUN` step executes probes and leaves their proofs in the image.
    case run
    /// One `COPY`, no `RUN`.
    case hello
    /// A stage on the builder's own platform, and `COPY --from` it.
    case stages
    /// `run` for the native platform, then for all, with the cache on: no layer of another architecture may come from it.
    case cache

    /// One line for `assay list contexts`.
    public var summary: String {
        switch self {
        case .run: "a RUN step executes probes and leaves their proofs in the image"
        case .hello: "one COPY, no RUN: the right platform's files, nothing executed"
        case .stages: "a stage on the builder's own platform, COPY --from it, and a RUN step"
        case .cache: "the run context with the cache on, the native platform first"
        }
    }

    /// RUN steps leave proofs in the image.
    public var demandsProofs: Bool { !proofs.isEmpty }

    /// Each must be in the image, proven on the target's machine or on the builder's own.
    var proofs: [(path: String, isNative: Bool)] {
        switch self {
        case .hello: []
        case .run, .cache: [(BuildContext.proofPath, false)]
        case .stages: [(BuildContext.proofPath, false), ("native.tap", true)]
        }
    }

    /// The Containerfile. Constant memory.
    var text: UnsafeRawBufferPointer {
        var size = 0
        let start =
            switch self {
            case .run, .cache: assay_context_run(&size)
            case .hello: assay_context_hello(&size)
            case .stages: assay_context_stages(&size)
            }
        return UnsafeRawBufferPointer(start: start, count: size)
    }
}
