public import Evidence
public import Guest
import Processes
public import Sandbox
public import SystemPackage

/// Some probes of one image, in one venue, in one process tree.
public struct ProbeRun: Sendable {
    public var image: String
    public var venue: Venue
    /// Names, in the order in which they run.
    public var probes: [String]
    /// The unpacked image on the host.
    public var root: FilePath
    /// A private writable directory, for venues that have no `/tmp` of their own.
    public var scratch: FilePath
    public var limits: ProbeLimits
    public let nonce = Proof.freshNonce()
    /// The guest whose machine must have produced the proof.
    public let guest: Guest
    /// Factor of the work that repeating probes do, within `scales`.
    public var scale = 1
    /// Factors that the probe program accepts.
    public static let scales = 1...20
    /// Variables of the caller that reach the emulator, as in any build on this host.
    public var environment: [String: String]

    /// Nil for Assay's own images: only the venue's own means.
    public var confinement: Confinement?

    public init(
        image: String, guest: Guest, venue: Venue, probes: [String], root: FilePath, scratch: FilePath,
        limits: ProbeLimits, environment: [String: String] = [:]
    ) {
        self.image = image
        self.guest = guest
        self.venue = venue
        self.probes = probes
        self.root = root
        self.scratch = scratch
        self.limits = limits
        self.environment = environment
    }

    /// The probe program's place in every image.
    public static let program = FilePath("/bin/assay-probe")

    public var launch: Launch {
        let path = venue.hasRoot ? Self.program : root.appending("bin/assay-probe")
        var arguments = ["assay-probe", "--nonce", nonce, "--self", path.string]
        arguments += ["--timeout-ms", String(Int(limits.probe.milliseconds.rounded()))]
        if scale > 1 { arguments += ["--scale", String(scale)] }
        if !venue.hasRoot { arguments += ["--scratch", scratch.string] }
        var launch = Launch(
            path: path, arguments: arguments + probes, venue: venue, root: root, timeout: limits.venue)
        launch.environment = environment
        launch.scratch = scratch
        launch.idleTimeout = limits.silence
        // Only a requested probe's first result is progress: a program can print anything else for ever.
        launch.mark = { [probes = Set(probes)] line in
            ResultStream.name(ofResult: line).flatMap { probes.contains($0) ? $0 : nil }
        }
        launch.isForeign = image != Image.coreName
        // IPC objects of a killed probe stay, unless the kernel removes them with the namespace.
        launch.hasOwnIPC = venue == .direct && probes.contains { $0.hasPrefix("ipc.") } && isPrivileged()
        launch.confinement = confinement
        launch.noNewPrivileges = venue == .container && confinement == nil
        return launch
    }

    /// Reads the launch's output: one piece of evidence for each probe, in order.
    public func evidence(of ended: Termination) -> [ProbeEvidence] {
        let stream = ResultStream(ended.output.bytes)
        var results: [String: StreamedResult] = [:]
        for result in stream.results where results[result.name] == nil { results[result.name] = result }
        let first = probes.first { results[$0] == nil }
        let remains = Remains(ended)
        // Processes may still run: no result counts.
        switch ended.reason {
        case .left, .unobserved: results = [:]
        default: break
        }
        return probes.map { probe in
            let result = results[probe].map { read($0) } ?? missing(ended, stream, remains, isFirst: probe == first)
            let microseconds = results[probe].flatMap { $0.diagnostics["duration_us"] }.flatMap { Int($0) }
            var evidence = ProbeEvidence(
                probe: probe, image: image, venue: venue, result: result,
                duration: microseconds.map { .microseconds($0) } ?? (probes.count == 1 ? ended.duration : .zero))
            if image == Image.coreName {
                // A program that did not prove itself may have printed anything.
                if evidence.didRun { evidence.start = stream.start }
                if results[probe] == nil { evidence.words = remains.said }
            }
            return evidence
        }
    }

    private func read(_ result: StreamedResult) -> ProbeEvidence.Result {
        let diagnostics = result.diagnostics
        if diagnostics["nonce"] == nonce, diagnostics["proof"] == nil, result.verdict == "not ok" {
            // The probe's parent process reported this, without a proof: lying about a failure gains nothing.
            if let signal = diagnostics["signal"].flatMap({ Int32($0) }) {
                return .crashed(signal: signal, message: "")
            }
            if diagnostics["timeout_ms"] != nil { return .hung(limit: limits.probe) }
            if let status = diagnostics["exit"].flatMap({ Int32($0) }) { return .silent(status: status) }
        }
        guard result.isProven(nonce: nonce, machine: guest.machine) else {
            return .unproven(
                detail: "printed a result for \(result.name) without the proof for nonce \(nonce) on \(guest.machine)")
        }
        switch result.verdict {
        case "ok": return .passed(note: diagnostics["note"].map(ProbeNote.init))
        case "skip": return .skipped(reason: result.skipReason)
        default:
            return .failed(
                expected: diagnostics["expected"] ?? "the specified value", seen: diagnostics["seen"] ?? "another")
        }
    }

    /// The result of a probe that printed none, from how the whole process ended.
    private func missing(
        _ ended: Termination, _ stream: ResultStream, _ remains: Remains, isFirst: Bool
    ) -> ProbeEvidence.Result {
        switch ended.reason {
        // Probes run in sequence: the first one without a result hung, the others did not begin.
        case .timedOut where isFirst: return .hung(limit: ended.limit ?? limits.venue)
        case .timedOut: return .notBegun
        case .exited(let status) where stream.isTAP: return .silent(status: status)
        default:
            let words = remains.said.isEmpty ? "" : "; standard error: \(remains.said)"
            return ProbeEvidence.Result(ended.end, said: remains.said)
                ?? .unproven(
                    detail: "\(ended.words), and printed \(remains.output) in place of the proof\(words)")
        }
    }
}

/// Short quotations from a run's output, for probes without a result.
private struct Remains {
    /// The last line of standard error.
    let said: String
    /// The first line of standard output, in quotes.
    let output: String

    /// The longest quotation, in bytes.
    private static let longest = 1024

    init(_ ended: Termination) {
        let newline = UInt8(ascii: "\n")
        // QEMU 10 prints tables, indented, below what it says.
        let errors = ended.errors.bytes.split(separator: newline)
        let last = errors.last { $0.first != UInt8(ascii: " ") } ?? errors.last ?? []
        said = String(decoding: last.prefix(Self.longest), as: UTF8.self)
        let first = ended.output.bytes.drop { $0 == newline }.prefix(Self.longest).prefix { $0 != newline }
        output = first.isEmpty ? "nothing" : "\"\(String(decoding: first, as: UTF8.self).prefix(80))\""
    }
}

/// The time limits of a run.
public struct ProbeLimits: Sendable {
    /// The limit of each probe.
    public var probe: Duration
    /// The limit of all probes of a venue together, with its set-up.
    public var venue: Duration
    /// How long a venue may go without a result: longer than any one probe may take.
    public var silence: Duration { probe * 2 + probe / 2 }

    public init(probe: Duration = .seconds(2), venue: Duration = .seconds(60)) {
        self.probe = probe
        self.venue = venue
    }

    /// The limits, multiplied by a factor.
    public func times(_ factor: Int) -> ProbeLimits { ProbeLimits(probe: probe * factor, venue: venue * factor) }
}

extension ProbeRun {
    /// The same probes in several process trees, dealt out in turn to separate expensive neighbours.
    public func split(_ pieces: Int) -> [ProbeRun] {
        (0..<max(1, min(pieces, probes.count))).compactMap { piece in
            let own = probes.enumerated().filter { $0.offset % max(1, pieces) == piece }.map(\.element)
            return own.isEmpty ? nil : only(own)
        }
    }

    /// `times` rounds of all probes in order, each probe in its own process tree.
    public func repeated(_ times: Int) -> [ProbeRun] {
        (0..<times).flatMap { _ in probes.map { only([$0]) } }
    }

    /// Some of the probes, with a nonce of their own.
    private func only(_ own: [String]) -> ProbeRun {
        var run = ProbeRun(
            image: image, guest: guest, venue: venue, probes: own, root: root, scratch: scratch, limits: limits,
            environment: environment)
        run.scale = scale
        run.confinement = confinement
        return run
    }

    /// The evidence for a run that was not begun.
    public func evidence(notRun reason: String) -> [ProbeEvidence] {
        probes.map {
            ProbeEvidence(probe: $0, image: image, venue: venue, result: .notApplicable(reason: reason))
        }
    }
}
