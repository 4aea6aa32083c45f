import Archive
import CImages
public import Evidence
import Files
public import Guest
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
    /// For whom it can be built: a guest, and this program's own architecture.
    private let guests: [Guest]

    /// Writes the context's own files, and a folder for each architecture, below `directory`, which must exist and be empty.
    ///
    /// - Parameters:
    ///   - guest: beside this program's own architecture.
    ///   - images: where tarballs of images are looked for, see `Image.directories(_:)`.
    /// - Throws: `ArchiveError` or `Errno`; `ImageNotBuilt` where the context needs an image that is not here.
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

    /// Must be passed to the build. buildah before 1.30 does not set `BUILDARCH` by itself.
    public var arguments: [String: String] {
        var arguments = ["ASSAY_NONCE": nonce]
        if recipe == .stages { arguments["BUILDARCH"] = Guest.native.architecture }
        return arguments
    }

    /// Files of the image that `fault(in:platform:)` reads.
    public var proofFiles: [String] {
        recipe.proofs.map(\.path) + recipe.texts(nonce: nonce, guest: .native).map(\.path)
    }

    /// What the steps of a build left in an image for a platform.
    ///
    /// - Parameter files: the image's `proofFiles`, those that are there.
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

    /// A limitation that a step met and that does not make its proof wrong, as its probe words it.
    public func limitation(inProof text: String) -> ProbeNote? {
        let results = ResultStream(text).results.filter { recipe.probes.contains($0.name) }
        return results.lazy.compactMap { $0.diagnostics["note"] }.first.map(ProbeNote.init)
    }

    /// Which emulator executed the RUN step, as the step itself saw it.
    public func emulator(inProof text: String, platform: String) -> String {
        if platform == Guest.native.platform { return "native" }
        let notes = ResultStream(text).results.compactMap { $0.diagnostics["note"].map(ProbeNote.init) }
        return notes.contains { $0.slug == .embeddedEmulator }
            ? "the builder's embedded emulator" : "registered handler"
    }

    /// What is wrong with a result stream for a guest, or nil when every probe's proof is this build's.
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
    /// The same, with the file that shows it.
    fileprivate func at(_ path: String) -> BuilderEvidence.Proof {
        switch self {
        case .wrong(let what): .wrong("\(path): \(what)")
        case .failed(let what): .failed("\(path): \(what)")
        case .undecided(let why): .undecided("\(path): \(why)")
        case .proven, .missing: self
        }
    }
}
