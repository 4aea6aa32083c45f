import Archive
import CImages
public import Evidence
import Files
public import Guest
import Sandbox
public import SystemPackage

/// A build context for several platforms, and the proofs that its RUN steps must leave in the image.
public struct BuildContext: Sendable {
    public let recipe: BuildRecipe
    public let directory: FilePath
    public let nonce = Proof.freshNonce()
    /// Probes that the RUN step executes. Their results go to `proofPath`.
    public static let probes = ["exec.static", "uname.machine", "memory.page-size"]
    /// The result stream's path in the image.
    public static let proofPath = "proof.tap"
    /// The targets of the build: the guest, and this program's own architecture.
    private let guests: [Guest]

    /// Writes the context's own files and a folder for each architecture into `directory`, which must be empty.
    ///
    /// - Parameters:
    ///   - guest: a target besides this program's own architecture.
    ///   - images: directories that may hold images' tarballs, see `Image.directories(_:)`.
    /// - Throws: `ArchiveError` or `Errno`; `ImageNotBuilt` when an image that the context needs is not here.
    public init(
        _ recipe: BuildRecipe = .run, for guest: Guest, in directory: FilePath, images: [FilePath] = []
    ) throws {
        self.recipe = recipe
        self.directory = directory
        guests = guest == .native ? [guest] : [guest, .native]
        for guest in guests {
            try recipe.image(for: guest).located(in: images, for: guest)
                .unpack(into: directory.appending(guest.architecture), limits: ArchiveLimits())
        }
        for (name, bytes) in recipe.files {
            try WholeFile.write(bytes, to: directory.appending(name))
        }
    }

    /// Build arguments that the build needs. buildah before 1.30 does not set `BUILDARCH` by itself.
    public var arguments: [String: String] {
        var arguments = ["ASSAY_NONCE": nonce]
        if recipe == .stages { arguments["BUILDARCH"] = Guest.native.architecture }
        return arguments
    }

    /// Files of the image that `proof(in:platform:)` reads.
    public var proofFiles: [String] {
        recipe.proofs.map(\.path) + recipe.texts(nonce: nonce, guest: .native).map(\.path)
    }

    /// The proof that a build's steps left in the image for `platform`.
    ///
    /// - Parameter files: the contents of those `proofFiles` that exist, by path.
    public func proof(in files: [String: String], platform: String) -> BuilderEvidence.Proof {
        guard files[Self.proofPath] != nil else { return .missing }
        guard let guest = guest(of: platform) else { return .wrong("\(platform) was not asked for") }
        for proof in recipe.proofs {
            guard let text = files[proof.path] else { return .wrong("/\(proof.path) is not in the image") }
            let runsOn = proof.isNative ? Guest.native : guest
            if let flaw = flaw(inProof: text, of: runsOn) { return flaw.at("/\(proof.path)") }
        }
        for (path, expected) in recipe.texts(nonce: nonce, guest: guest) {
            guard let text = files[path] else { return .failed("/\(path) is not in the image") }
            guard text != expected else { continue }
            let (wanted, seen) = (expected.split(separator: "\n"), text.split(separator: "\n"))
            let line = zip(wanted, seen).first { $0 != $1 }
            return .failed(
                "/\(path): expected \(line?.0 ?? "\(wanted.count) lines"), found \(line?.1 ?? "\(seen.count)")")
        }
        return .proven(machine: guest.machine)
    }

    private func guest(of platform: String) -> Guest? { guests.first { $0.platform == platform } }

    /// A limitation that a probe noted and that does not make its proof wrong.
    public func limitation(inProof text: String) -> ProbeNote? {
        let results = ResultStream(text).results.filter { recipe.probes.contains($0.name) }
        return results.lazy.compactMap { $0.diagnostics["note"] }.first.map(ProbeNote.init)
    }

    /// Which emulator executed the RUN step, as the step itself saw it.
    public func emulator(inProof text: String, platform: String) -> String {
        if platform == Guest.native.platform { return "native" }
        let notes = ResultStream(text).results.compactMap { $0.diagnostics["note"].map(ProbeNote.init) }
        return notes.contains { $0.slug == .embeddedEmulator }
            ? BuilderEvidence.embeddedEmulator : BuilderEvidence.registeredHandler
    }

    /// The first flaw of a result stream; nil when every probe passed with this build's proof.
    private func flaw(inProof text: String, of guest: Guest) -> BuilderEvidence.Proof? {
        let machine = guest.machine
        let stream = ResultStream(text)
        guard stream.isTAP else { return .wrong("the proof is no result stream") }
        for probe in Self.probes + recipe.probes {
            guard let result = stream.results.first(where: { $0.name == probe }) else {
                return .wrong("\(probe) left no result")
            }
            guard result.isProven(nonce: nonce, machine: machine) else {
                let other = guests.map(\.machine).first { result.isProven(nonce: nonce, machine: $0) }
                return .wrong(
                    other.map { "\(probe) ran on \($0), not on \(machine)" }
                        ?? "\(probe): the proof is not this build's (nonce \(result.diagnostics["nonce"] ?? "none"))")
            }
            switch result.verdict {
            case "ok": continue
            case "skip": return .undecided("\(probe): \(result.skipReason)")
            default:
                let expected = result.diagnostics["expected"] ?? "?"
                return .failed("\(probe): expected \(expected), seen \(result.diagnostics["seen"] ?? "?")")
            }
        }
        return nil
    }
}

extension BuilderEvidence.Proof {
    /// The same proof, with the file's path before its reason.
    fileprivate func at(_ path: String) -> BuilderEvidence.Proof {
        switch self {
        case .wrong(let what): .wrong("\(path): \(what)")
        case .failed(let what): .failed("\(path): \(what)")
        case .undecided(let why): .undecided("\(path): \(why)")
        case .proven, .missing: self
        }
    }
}
