import Archive
import CImages
import Sandbox
public import SystemPackage

/// A directory from which a builder makes an image for several platforms, and what its RUN steps must leave in there.
public struct BuildContext: Sendable {
    public let recipe: BuildRecipe
    public let directory: FilePath
    public let nonce = Proof.freshNonce()
    /// What the RUN step executes, and writes to `proofPath`.
    public static let probes = ["exec.static", "uname.machine", "memory.page-size"]
    /// Where in the image the result stream is.
    public static let proofPath = "proof.tap"
    public static let machines = ["linux/amd64": "x86_64", "linux/arm64": "aarch64"]
    /// The platform of this program, which needs no emulation.
    public static let nativePlatform: String = {
        #if arch(arm64)
            "linux/arm64"
        #else
            "linux/amd64"
        #endif
    }()

    /// Writes `Containerfile`, `amd64/` and `arm64/` below `directory`, which must exist and be empty.
    ///
    /// - Throws: `ArchiveError` or `Errno`.
    public init(_ recipe: BuildRecipe = .run, in directory: FilePath) throws {
        self.recipe = recipe
        self.directory = directory
        try Image.core.unpack(into: directory.appending("arm64"), limits: ArchiveLimits())
        try Image.coreAMD64.unpack(into: directory.appending("amd64"), limits: ArchiveLimits())
        let file = try FileDescriptor.open(
            directory.appending("Containerfile"), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(recipe.text) }
    }

    /// Must be passed to the build. buildah before 1.30 does not set `BUILDARCH` by itself.
    public var arguments: [String: String] {
        var arguments = ["ASSAY_NONCE": nonce]
        if recipe == .stages { arguments["BUILDARCH"] = String(Self.nativePlatform.dropFirst("linux/".count)) }
        return arguments
    }

    /// Files of the image that `fault(in:platform:)` reads.
    public var proofFiles: [String] { recipe.proofs.map(\.path) }

    /// What is wrong with the proofs of an image for a platform, or nil when each is this build's.
    ///
    /// - Parameter files: the image's `proofFiles`, those that are there.
    public func fault(in files: [String: String], platform: String) -> String? {
        for proof in recipe.proofs {
            guard let text = files[proof.path] else { return "/\(proof.path) is not in the image" }
            let runsOn = proof.isNative ? Self.nativePlatform : platform
            if let fault = fault(inProof: text, platform: runsOn) { return "/\(proof.path): \(fault)" }
        }
        return nil
    }

    /// Which emulator executed the RUN step, as the step itself saw it.
    public func emulator(inProof text: String, platform: String) -> String {
        if platform == Self.nativePlatform { return "native" }
        let notes = ResultStream(text).results.compactMap { $0.diagnostics["note"] }
        return notes.contains { $0.hasPrefix("embedded-emulator:") }
            ? "the builder's embedded emulator" : "registered handler"
    }

    /// What is wrong with a proof for a platform, or nil when every probe's proof is this build's.
    public func fault(inProof text: String, platform: String) -> String? {
        let machine = Self.machines[platform] ?? platform
        let stream = ResultStream(text)
        guard stream.isTAP else { return "the proof is no result stream" }
        for probe in Self.probes {
            guard let result = stream.results.first(where: { $0.name == probe }) else {
                return "\(probe) left no result"
            }
            guard result.isProven(nonce: nonce, machine: machine) else {
                let other = Self.machines.values.first { result.isProven(nonce: nonce, machine: $0) }
                return other.map { "\(probe) ran on \($0), not on \(machine)" }
                    ?? "\(probe): the proof is not this build's (nonce \(result.diagnostics["nonce"] ?? "none"))"
            }
            guard result.verdict == "ok" else {
                return
                    "\(probe): expected \(result.diagnostics["expected"] ?? "?"), seen \(result.diagnostics["seen"] ?? "?")"
            }
        }
        return nil
    }
}
