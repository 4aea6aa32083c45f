import Binfmt
public import Evidence
import Files
public import Findings
import Glibc
public import Guest
import Host
import Probes
import Processes
import Reports
import Sandbox
import ScenarioFormat
public import SystemPackage

/// `assay drill`: runs each drill in its own process, which enters new namespaces, injects the fault, and judges the
/// host with it.
public struct DrillSession {
    public var drills: [Drill]
    public var settings: Settings
    /// The assay program, which runs again for each drill as `drill NAME --inside DIRECTORY`.
    public var program: FilePath
    /// The environment of each drill's process.
    public var environment: [String: String]
    /// Whether to run each finding's remedy and check that the finding goes away.
    public var remedies: Bool
    /// The remedy without this program's own commands.
    public var byHand: Bool
    /// The time limit of each drill's process.
    public var timeout: Duration

    public init(
        drills: [Drill], settings: Settings, program: FilePath, environment: [String: String], remedies: Bool,
        byHand: Bool = false, timeout: Duration
    ) {
        self.byHand = byHand
        self.timeout = timeout
        self.drills = drills
        self.settings = settings
        self.program = program
        self.environment = environment
        self.remedies = remedies
    }

    /// Selects drills by name or by the code that they prove; all of them for no names.
    ///
    /// - Parameter guest: as of `Drill.all(for:)`.
    /// - Throws: `UnknownName`.
    public static func select(_ names: [String], for guest: Guest? = nil) throws -> [Drill] {
        let all = try Drill.all(for: guest)
        if names.isEmpty { return all }
        let chosen = try names.flatMap { name in
            let found = all.filter { $0.name == name || $0.proves?.rawValue == name }
            if found.isEmpty {
                let known = all.flatMap { [$0.name] + [$0.proves?.rawValue].compactMap(\.self) }
                throw UnknownName(kind: "drill", name: name, known: known)
            }
            return found
        }
        var seen: Set<String> = []
        return chosen.filter { seen.insert($0.name).inserted }
    }

    /// A fault that this host cannot have, which is no trouble of the drill's.
    public struct NotHere: Error, CustomStringConvertible {
        public let description: String
    }

    /// The exit status of a drill's process if this host cannot have its fault.
    public static let notHere: Int32 = 77

    /// ASCII's record separator, between the report on the fault and the one after the remedy.
    private static let separator: UInt8 = 0x1e

    /// Runs the drills side by side.
    ///
    /// - Throws: `WhatIf.Impossible` if no private registry can be had; `ArchiveError` if the image cannot be unpacked.
    public func run(in workspace: Workspace, progress: any ProgressListener) throws -> [DrillResult] {
        // Say it once: every drill would say the same.
        try WhatIf.check()
        // Unpack the image once, so that the drills do not all unpack it at the same time.
        _ = try workspace.root(of: .core(for: settings.guest))
        var results: [Int: DrillResult] = [:]
        var begun = 0
        Supervisor(jobs: settings.jobs).run(
            next: { _ in
                let isOver = settings.failFast && results.values.contains { $0.outcome == .fail }
                guard begun < drills.count, !isOver, Interrupt.signal == nil else { return nil }
                defer { begun += 1 }
                progress.began(drills[begun].name, probes: 0)
                return (begun, launch(drills[begun], in: workspace.scratch.appending(drills[begun].name)))
            },
            ended: { results[$0] = result(drills[$0], $1) })
        if let run = RunDirectory.run { _ = ControlGroups.release(run: run) }
        return drills.indices.map { index in
            var result =
                results[index]
                ?? DrillResult(
                    drills[index],
                    broken: Interrupt.signal == nil
                        ? "not run: an earlier one failed (--fail-fast)" : "not run: interrupted before it began")
            result.platform = settings.guest.platform
            return result
        }
    }

    /// The result of a drill's process.
    func result(_ drill: Drill, _ ended: Termination) -> DrillResult {
        if ended.reason == .exited(Self.notHere) {
            return DrillResult(drill, skipped: ended.errors.text.split(separator: "\n").last.map(String.init) ?? "")
        }
        let parts = ended.output.bytes.split(separator: Self.separator, maxSplits: 1, omittingEmptySubsequences: false)
            .map(Array.init)
        guard case .exited(let status) = ended.reason, status < 3, let first = parts.first,
            let found = try? Self.read(first)
        else {
            return DrillResult(drill, broken: "could not be carried out: \(ended.complaint)")
        }
        let second = parts.count > 1 ? try? Self.read(parts[1]) : nil
        if parts.count > 1 && second == nil {
            let said = String(decoding: parts[1], as: UTF8.self).split(separator: "\n").first ?? "no report"
            return DrillResult(drill, broken: "nothing could be judged after the remedy: \(said)")
        }
        return DrillResult(
            drill, reported: found.reported, outcomes: found.outcomes, afterRemedy: second?.reported,
            duration: ended.duration)
    }

    /// The findings and outcomes in one report of a drill's process.
    private static func read(
        _ bytes: [UInt8]
    ) throws -> (reported: [DrillResult.Reported], outcomes: [String: Outcome]) {
        let report = try ReportDocument(json: bytes, file: "of a drill's process")
        return (
            report.findings.compactMap { finding in
                FindingCode(rawValue: finding.code).map { ($0, finding.severity, finding.summary) }
            },
            Dictionary(report.checks.map { ($0.reference, $0.outcome) }) { first, _ in first }
        )
    }

    private func launch(_ drill: Drill, in directory: FilePath) -> Launch {
        var launch = Launch(
            path: program, arguments: ["assay", "drill", drill.name, "--inside", directory.string, "--format", "json"],
            venue: .direct, timeout: timeout)
        // Give an interrupted drill time to clean up.
        launch.terminationGrace = .seconds(5)
        if let platform = settings.guest.namedPlatform { launch.arguments += ["--platform", platform] }
        if remedies { launch.arguments += ["--remedies"] + (byHand ? ["--by-hand"] : []) }
        launch.environment = environment
        launch.environment.merge(drill.environment(in: directory)) { $1 }
        launch.outputLimit = 16 << 20
        return launch
    }

    /// In a drill's process, after its report: runs the remedy of the finding that the drill proves, in a shell that
    /// then runs this program again to judge the result.
    ///
    /// - Returns: the output to append to the first report: a second report, or why there is none.
    public static func typeRemedy(
        _ drill: Drill, findings: [Finding], byHand: Bool, program: String, directory: String,
        guest: Guest, environment: [String: String]
    ) -> [UInt8] {
        guard drill.remedyNotRun == nil,
            let finding = findings.first(where: { $0.code == drill.proves && $0.severity > .info })
        else { return [] }
        // Its own output is not the report.
        let command = "{ \(byHand ? finding.remedy : finding.command ?? finding.remedy)\n} >&2"
        let again =
            "exec \(shellQuoted(program)) drill \(shellQuoted(drill.name)) --again \(shellQuoted(directory)) --format json"
            + (guest.namedPlatform.map { " --platform \($0)" } ?? "")
        var launch = Launch(
            path: "/bin/sh", arguments: ["sh", "-c", command + "\n" + again], venue: .direct,
            timeout: .seconds(30))
        launch.environment = environment
        launch.outputLimit = 16 << 20
        let ended = Supervisor(jobs: 1).run(launch)
        guard case .exited(let status) = ended.reason, status < 3 else {
            let said = ended.errors.text.split(separator: "\n").last ?? ""
            return [separator] + "its shell: \(ended.words) \(said)".utf8
        }
        return [separator] + ended.output.bytes
    }

    /// In a drill's process: injects the fault, except when judging again after the remedy, and collects the evidence.
    ///
    /// - Throws: as `bringAbout(_:in:workspace:guest:)`; `NotHere` for a guest that needs no emulator; `UnknownName` for a venue;
    ///   `Workspace.Unmade`, `ArchiveError`.
    public static func inside(
        _ drill: Drill, directory: FilePath, again: Bool, settings: Settings, workspace: Workspace,
        progress: any ProgressListener
    ) throws -> CommandEvidence {
        var settings = settings
        settings.selection.filters = drill.probes ?? ["exec.*", "uname.machine"]
        if let timeout = drill.timeout {
            settings.limits = ProbeLimits(probe: .seconds(timeout), venue: .seconds(timeout * 2))
            settings.scalesLimits = false
        }
        if !again { try bringAbout(drill, in: directory, workspace: workspace, guest: settings.guest) }
        if drill.setup.contains(where: { $0.path == "@cache" }) {
            settings.cacheDirectory = directory.appending("cache")
        }
        let venues = try (drill.venues ?? Venue.own.map(\.rawValue)).map { name in
            guard let venue = Venue(rawValue: name) else {
                throw UnknownName(kind: "venue", name: name, known: Venue.allCases.map(\.rawValue))
            }
            return venue
        }
        let evidence = try Workspace.temporary(settings) { inner in
            try ProbeSession(image: .core(for: settings.guest), venues: venues, settings: settings)
                .run(in: inner, identify: true, progress: progress)
        }
        if evidence.host?.isGuestNative == true {
            throw NotHere(description: "\(settings.guest.platform) programs run without an emulator here")
        }
        return evidence
    }

    /// Moves this process into new namespaces and injects the fault there.
    ///
    /// - Parameter directory: the drill's directory, which does not exist yet.
    /// - Throws: `ArchiveError`, `CallFailure`, `WhatIf.Impossible`; `DrillSetup.Failure` if a step cannot be
    ///   performed, `NotHere` if this host cannot have the fault.
    public static func bringAbout(
        _ drill: Drill, in directory: FilePath, workspace: Workspace, guest: Guest
    ) throws {
        // Unpack the program first: in the new namespaces nothing can be unpacked.
        let program = try workspace.root(of: .core(for: guest)).appending("bin/assay-probe")
        try makeDirectory(directory, mode: 0o755)
        // A drill's process judges, and survives what it starts.
        LimitedGroup.beKilledLast()
        try WhatIf.enter()
        // What a remedy registers at boot belongs to the drill too.
        let boot =
            BootConfiguration.systemdDirectories + [
                BootConfiguration.databaseDirectory, BootConfiguration.unitDirectory,
            ]
        for place in boot where access(place, F_OK) == 0 { try Faults.mountEmpty(on: FilePath(place)) }
        try setUp(drill, in: directory, program: program, guest: guest)
    }

    /// Injects the fault in this process's current namespaces.
    ///
    /// - Parameters:
    ///   - directory: the drill's directory.
    ///   - program: a program of the guest.
    /// - Throws: `DrillSetup.Failure` if a step cannot be performed on this host.
    public static func setUp(_ drill: Drill, in directory: FilePath, program: FilePath, guest: Guest) throws {
        try DrillSetup(
            drill: drill, work: directory, cache: directory.appending("cache"), program: program,
            host: HostInspection.read(for: guest)
        ).apply()
    }
}

extension Drill {
    /// The variables that the drill sets.
    ///
    /// - Parameter work: the value of `@work`.
    public func environment(in work: FilePath) -> [String: String] {
        (environment ?? [:]).mapValues {
            $0.split(separator: "@work", omittingEmptySubsequences: false).joined(separator: work.string)
        }
    }
}
