import Evidence
import Files
import Findings
import Glibc
import Guest
import Host
import Operations
import Probes
import Processes
import Sandbox
import ScenarioFormat
import SystemPackage

/// Performs a run step: runs a program of an image or of the host as often as asked, and judges all runs.
struct RunTrial {
    let action: RunAction
    let step: ScenarioStep
    /// The base of a host program's relative path.
    let base: FilePath
    let settings: Settings
    /// Variables for a host program.
    let environment: [String: String]

    func run(in workspace: Workspace) throws -> StepResult {
        var host = HostInspection.read(for: settings.guest)
        host.environment = settings.environment
        host.variablesOfStep = settings.variablesOfStep
        HostInspection.note(program: settings.program, in: &host)
        var evidence = CommandEvidence(host: action.isNative ? nil : host)
        var (times, spreads): ([Duration], [Duration]) = ([], [])
        let venues = action.isNative ? [.direct] : action.venues ?? []
        for venue in venues {
            if let reason = venue.unavailable(privileged: host.privileged) {
                evidence.probes.append(found(.notApplicable(reason: reason), venue, .zero))
                continue
            }
            let launch = try launch(venue, workspace, privileged: host.privileged)
            let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            let width = Quantity.count(action.width, cores: cores) ?? 1
            let launches = Array(repeating: launch, count: action.repetitions)
            var results: [ProbeEvidence.Result?] = Array(repeating: nil, count: launches.count)
            let ended = Supervisor(jobs: width).run(
                launches,
                onEnd: { index, ended in
                    results[index] = named(judge(ended), launch)
                    ended.forgetOutput()
                })
            let median = ended.map(\.duration).median ?? .zero
            // Runs that had not begun at an interrupt have no result of their own.
            evidence.probes.append(found(judge(zip(results, ended).map { $0 ?? judge($1) }), venue, median))
            times.append(median)
            spreads.append(ended.map { max($0.duration - median, median - $0.duration) }.median ?? .zero)
        }
        var result = StepResult(evidence, time: times.isEmpty ? nil : times.reduce(.zero, +)).withoutHostChecks
        // A native program's result says nothing about the emulator.
        if action.isNative {
            result.findings = []
            for index in result.checks.indices { result.checks[index].findings = [] }
        }
        // A step that did not pass has no time to compare.
        if Outcome(of: result.checks) != .pass { result.time = nil }
        result.spread = result.time == nil ? nil : spreads.reduce(.zero, +).milliseconds
        return result
    }

    private func found(_ result: ProbeEvidence.Result, _ venue: Venue, _ duration: Duration) -> ProbeEvidence {
        var evidence = ProbeEvidence(
            probe: "run", image: action.image ?? Image.coreName, venue: venue, result: result,
            duration: duration)
        evidence.speaksOfEmulator = false
        return evidence
    }

    /// What the kernel calls ENOENT may be the program itself, which the scenario named wrongly.
    private func named(_ result: ProbeEvidence.Result, _ launch: Launch) -> ProbeEvidence.Result {
        guard case .refused(ENOENT, _) = result else { return result }
        let path = launch.venue.hasRoot ? launch.root?.string ?? "" : ""
        var status = stat()
        guard lstat(path + "/" + launch.path.string, &status) != 0, errno == ENOENT else { return result }
        let place = action.isNative ? "on this host" : "in the image \(action.image ?? Image.coreName)"
        return .failed(expected: "a program \(action.arguments[0]) \(place)", seen: "none")
    }

    private func launch(_ venue: Venue, _ workspace: Workspace, privileged: Bool) throws -> Launch {
        let arguments = action.arguments
        let program = arguments[0]
        var launch = Launch(
            path: FilePath(program), arguments: arguments, venue: venue, timeout: settings.limits.venue)
        launch.outputLimit = 1 << 20
        launch.isForeign = true
        if action.isNative {
            guard let path = program.contains("/") ? base.pushing(FilePath(program)) : Tool.find(program) else {
                throw SuiteError("\(step.label): \(program) is not in PATH")
            }
            launch.path = path
            launch.environment = environment
            // For a script that checks its results with this same program.
            launch.environment["ASSAY"] = linkTarget("/proc/self/exe").map { String(decoding: $0, as: UTF8.self) }
            launch.directory = workspace.scratch
            launch.terminationGrace = .seconds(5)
            // A killed bootstrap would leave /proc and /dev mounted in a directory that is going to be removed.
            launch.hasOwnMounts = privileged
            return launch
        }
        let image = try SuiteImages.find(action.image ?? Image.coreName, for: settings.guest)
        if let refusal = UnconfinedProgram(of: image, in: venue, settings: settings) { throw refusal }
        let root = try workspace.root(of: image)
        launch.root = root
        if !venue.hasRoot {
            launch.path =
                program.hasPrefix("/") ? root.appending(String(program.drop { $0 == "/" })) : root.appending(program)
        }
        launch.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        launch.environment.merge(settings.environment) { $1 }
        launch.environment.merge(step.environment) { $1 }
        launch.scratch = workspace.scratch
        launch.confinement = image.isForeign ? Confinement(in: venue) : nil
        launch.noNewPrivileges = venue == .container && launch.confinement == nil
        return launch
    }

    /// All runs as one result: that of the first that did not pass, if any.
    private func judge(_ results: [ProbeEvidence.Result]) -> ProbeEvidence.Result {
        for (index, result) in results.enumerated() where !result.isPass {
            guard results.count > 1 else { return result }
            let right = results.count(where: \.isPass)
            let note = "run \(index + 1) of \(results.count), of which \(right) were right"
            switch result {
            case .failed(let expected, let seen): return .failed(expected: expected, seen: "\(seen) (\(note))")
            case .crashed(let signal, let message): return .crashed(signal: signal, message: "\(message) (\(note))")
            default: return result
            }
        }
        return .passed(note: results.count > 1 ? ProbeNote("\(results.count) runs, all alike") : nil)
    }

    private func judge(_ ended: Termination) -> ProbeEvidence.Result {
        let said = ended.errors.text.lastLine
        if let result = ProbeEvidence.Result(ended.end, said: said) { return result }
        let more = said.isEmpty ? "" : ": \(said)"
        if let open = action.undetermined, ended.reason == .exited(Int32(open)) {
            return .lost(reason: "\(ended.words), it could not find out\(more)")
        }
        guard ended.reason == .exited(Int32(action.status)) else {
            return .failed(expected: "exit status \(action.status)", seen: ended.words + more)
        }
        return judge(ended.output)
    }

    /// Compares bytes: two encodings of one character are different output.
    private func judge(_ captured: Captured) -> ProbeEvidence.Result {
        let output = captured.bytes[...]
        let text = Self.withoutLineEnd(output)
        var failure: ProbeEvidence.Result?
        if let wanted = action.output, !text.elementsEqual(Self.withoutLineEnd(Array(wanted.utf8)[...])) {
            failure = .failed(expected: "the output \(short(wanted))", seen: short(captured.text))
        }
        for part in action.contains where failure == nil && output.firstRange(of: Array(part.utf8)) == nil {
            failure = .failed(expected: "\(short(part)) in the output", seen: short(captured.text))
        }
        if failure != nil, captured.dropped > 0 {
            return .lost(
                reason: "only the first \(output.count) bytes of its output were kept, and they do not decide it")
        }
        return failure ?? .passed(note: nil)
    }

    private static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
    }

    private func short(_ text: String) -> String {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(3).joined(separator: "\\n")
        return "\"\(line.prefix(120))\(line.count > 120 ? "…" : "")\""
    }
}
