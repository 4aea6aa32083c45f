import CImages
import Files
import Guest

/// A kind of build. Each is a folder of `Contexts/`, except `cache`, which builds `run` twice.
public enum BuildRecipe: String, Sendable, CaseIterable, Codable {
    /// A `RUN` step executes probes and leaves their proofs in the image.
    case run
    /// One `COPY`, no `RUN`.
    case hello
    /// A stage on the builder's own platform, and `COPY --from` it.
    case stages
    /// `run` for the native platform, then for all, with the cache on: no platform may get another's layers from it.
    case cache
    /// A step that makes a set-user-id program and runs it, as package managers and sudo do.
    case setuid
    /// A `RUN` in shell form, and a script with here-documents.
    case scripts
    /// Here-documents of the Containerfile itself.
    case heredoc
    /// The target's own compiler compiles a program, which is then run.
    case toolchain

    /// One line for `assay list contexts`.
    public var summary: String {
        switch self {
        case .run: "a RUN step executes probes and leaves their proofs in the image"
        case .hello: "one COPY, no RUN: the right platform's files, nothing executed"
        case .stages: "a stage on the builder's own platform, COPY --from it, and a RUN step"
        case .cache: "the run context with the cache on, the native platform first"
        case .setuid: "a RUN step makes a set-user-id program and runs it, as sudo and package managers do"
        case .scripts: "RUN in shell form, and a script with here-documents (image busybox)"
        case .heredoc: "here-documents in the Containerfile, for builders that know them (image busybox)"
        case .toolchain: "the target's compiler compiles a program, which then runs (image toolchain)"
        }
    }

    /// The image in the context's folder for a guest.
    func image(for guest: Guest) -> Image {
        switch self {
        case .run, .hello, .stages, .cache, .setuid: .core(for: guest)
        case .scripts, .heredoc: .busybox
        case .toolchain: .toolchain
        }
    }

    /// Whether RUN steps must leave proofs in the image.
    public var demandsProofs: Bool { !proofs.isEmpty }

    /// Result streams that must be in the image, proven on the target's machine, or on the builder's own (`isNative`).
    var proofs: [(path: String, isNative: Bool)] {
        switch self {
        case .hello: []
        case .run, .cache, .setuid, .scripts, .heredoc, .toolchain: [(BuildContext.proofPath, false)]
        case .stages: [(BuildContext.proofPath, false), ("native.tap", true)]
        }
    }

    /// Probes that each proof must hold besides `BuildContext.probes`.
    var probes: [String] { self == .setuid ? ["exec.set-user-id", "process.credentials"] : [] }

    /// Texts that the steps for a guest must have written, by path in the image.
    func texts(nonce: String, guest: Guest) -> [(path: String, expected: String)] {
        let machine = guest.machine
        switch self {
        case .run, .hello, .stages, .cache, .setuid: return []
        case .scripts:
            let lines = [
                "machine \(machine)", "nonce \(String(nonce.reversed()))", "sum 500500", "arithmetic 6442450948",
                "literal $(uname -m) $HOME", "status 7", "END",
            ]
            return [("steps.txt", lines.map { $0 + "\n" }.joined())]
        case .heredoc:
            return [
                ("run.txt", "nonce \(nonce)\nmachine \(machine)\n"),
                ("copied.txt", "nonce \(nonce)\narchitecture \(guest.architecture)\n"),
            ]
        case .toolchain:
            let hash = nonce.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            return [("answer.txt", "machine \(machine)\nhash \(hash.hexadecimal)\n")]
        }
    }

    /// The context's own files, with the `Containerfile`. The bytes are constant memory.
    var files: [(name: String, bytes: UnsafeRawBufferPointer)] {
        let folder = self == .cache ? BuildRecipe.run.rawValue : rawValue
        var count = 0
        let first = assay_context_files(&count)
        return UnsafeBufferPointer(start: first, count: count)
            .filter { String(cString: $0.context) == folder }
            .map { (String(cString: $0.name), UnsafeRawBufferPointer(start: $0.bytes, count: $0.size)) }
    }
}
