import Archive
import Binfmt
import ELF
import Evidence
import Files
import Findings
import Glibc
import Guest
import Host
import OCI
import Probes
import Sandbox
import SystemPackage

/// Unpacks a platform's image and runs its entrypoint, or a command, in a venue.
struct EntrypointRun {
    let request: EntrypointRequest
    /// The artifact's name, as the user gave it.
    let name: String
    /// The artifact's path.
    let artifact: FilePath
    let platform: Platform
    let target: ELFTarget
    let settings: Settings

    /// Adds the result, and evidence of the host if the host may be the cause.
    func run(_ found: ArtifactEvidence, in workspace: Workspace, into evidence: inout CommandEvidence) {
        let begun = ContinuousClock.now
        var result = EntrypointEvidence(
            name: name, platform: "\(platform)", wanted: target, venue: request.venue,
            command: request.command, result: .notRun(reason: ""))
        result.expectedStatus = request.expectedStatus
        result.expectedOutput = request.expectedOutput
        // The rules about the host concern the guest's programs.
        var host = HostInspection.read(for: settings.guest)
        host.runner = RunnerEvidence()
        host.environment = settings.environment
        do {
            try run(found, in: workspace, host: &host, &result)
        } catch {
            result.result = .notRun(reason: "\(error)")
        }
        result.duration = begun.duration(to: .now)
        // A proof is a check of its own only if it failed.
        let unproven = result.proof.map { $0.didRun ? [] : [$0] } ?? []
        let limits = LimitInspection.read()
        if LimitTrial.isCalledFor(unproven, limits), let root = try? workspace.root(of: .core(for: settings.guest)) {
            host.runner.limits = LimitTrial(root: root, scratch: workspace.scratch, settings: settings)
                .run(limits, after: unproven, of: [])
        }
        if target == settings.guest.target, !unproven.isEmpty || Self.concernsHost(result) { evidence.host = host }
        evidence.probes = unproven
        evidence.entrypoints = [result]
    }

    /// Whether the emulation path may be the cause: not if the program ran through it and exited by itself.
    private static func concernsHost(_ result: EntrypointEvidence) -> Bool {
        switch result.result {
        case .notFound, .unknownUser, .notRun: return false
        case .ended(.exited): break
        case .ended: return true
        }
        guard let executed = result.executed, let program = result.program else { return false }
        return !(program.files + [program.interpreter].compactMap(\.self)).contains { $0.isSameFile(as: executed) }
    }

    private func run(
        _ found: ArtifactEvidence, in workspace: Workspace, host: inout HostEvidence,
        _ result: inout EntrypointEvidence
    ) throws {
        let privileged = isPrivileged()
        if let reason = request.venue.unavailable(privileged: privileged) { throw Obstacle(reason) }
        guard let image = found.images(for: platform).first else { throw Obstacle("there is no image for \(platform)") }
        guard image.isComplete else { throw Obstacle("not all layers of the image can be read") }
        let execution = image.config?.config
        if result.command.isEmpty { result.command = (execution?.entrypoint ?? []) + (execution?.command ?? []) }
        guard let word = result.command.first else {
            throw Obstacle("the image names no entrypoint and no command; give one after --")
        }
        guard let user = ImageUser(execution?.user, files: image.files) else {
            result.result = .unknownUser(execution?.user ?? "")
            return
        }
        guard let program = image.program(word) else {
            result.result = .notFound
            return
        }
        let root = workspace.scratch.appending("image")
        try makeDirectory(root, mode: 0o755)
        // The image's programs are untrusted.
        let confinement = Confinement(in: request.venue)
        let becomesUser = confinement?.hasUsers == true
        let owners = confinement?.owners
        try ImageUnpacker(artifact, limits: settings.archiveLimits, scratch: workspace.scratch)
            .unpack(
                image, of: found.kind, into: root,
                options: ExtractionOptions(
                    keepsPrivileges: owners.map { $0.count > 1 } ?? false, appliesOwners: becomesUser || owners != nil,
                    owners: owners))
        let directory = try VenueDirectories.prepare(
            root, workingDirectory: execution?.workingDirectory, owners: owners)
        result.program = self.program(program, below: root, host: host)

        var launch = Launch(
            path: FilePath(program.path), arguments: result.command, venue: request.venue, root: root,
            timeout: settings.limits.venue)
        launch.environment = environment(execution, user: user)
        launch.directory = directory
        launch.isRootWritable = true
        launch.isForeign = true
        launch.scratch = workspace.scratch
        launch.confinement = confinement
        result.shortfall = confinement?.shortfall(in: request.venue)
        if becomesUser {
            launch.identity = (user.uid, user.gid)
        } else if !user.isRoot {
            result.missingUser = execution?.user
        }
        let groups = LimitingGroups.limits
        let ended = Supervisor(jobs: 1).run(launch)
        result.output = ended.output.text
        result.errors = ended.errors.text
        result.executed = ended.executed
        result.result = .ended(ended.end)
        if ended.reason == .signalled(SIGKILL), let group = LimitingGroups.enforced(since: groups).first {
            result.result = .ended(.lost(reason: "killed: the kernel enforced \(group.file) = \(group.limit)"))
        }
        if let executed = ended.executed,
            result.program?.files.contains(where: { $0.isSameFile(as: executed) }) == false
        {
            host.executed = executed
        }
        if result.needsProof, result.program?.target == settings.guest.target { result.proof = proof(in: workspace) }
    }

    /// Runs a probe in the same venue, to confirm that the guest's programs really run: the expected exit status alone
    /// could come from any program.
    private func proof(in workspace: Workspace) -> ProbeEvidence {
        let probe = "exec.static"
        do throws(ArchiveError) {
            let run = ProbeRun(
                image: Image.coreName, guest: settings.guest, venue: request.venue, probes: [probe],
                root: try workspace.root(of: .core(for: settings.guest)), scratch: workspace.scratch,
                limits: settings.limits,
                environment: settings.environment)
            return run.evidence(of: Supervisor(jobs: 1).run(run.launch))[0]
        } catch {
            return ProbeEvidence(
                probe: probe, image: Image.coreName, venue: request.venue, result: .lost(reason: "\(error)"))
        }
    }

    /// The image's variables, with the defaults of runtimes, and the caller's `QEMU_*` variables.
    private func environment(_ execution: ImageConfig.Execution?, user: ImageUser) -> [String: String] {
        var environment = settings.environment.filter { $0.key.hasPrefix("QEMU_") }
        environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        environment["HOME"] = user.home ?? "/"
        for variable in execution?.environment ?? [] {
            // Not characters: an accent may follow the sign.
            let parts = variable.utf8.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false
            ).map { String(decoding: $0, as: UTF8.self) }
            environment[parts[0]] = parts.count == 2 ? parts[1] : ""
        }
        return environment
    }

    private func program(
        _ program: ImageProgram, below root: FilePath, host: HostEvidence
    ) -> EntrypointEvidence.Program {
        let handler = program.target.flatMap { target in
            host.registry.handler(
                for: ELFHeader.synthetic(
                    machine: target.machine, type: program.type ?? .executable, elfClass: target.elfClass,
                    byteOrder: target.byteOrder))
        }
        return EntrypointEvidence.Program(
            target: program.target,
            isNative: program.target.map { HostInspection.executes($0.machine) } ?? false, handler: handler,
            interpreter: handler?.interpreter.flatMap { Self.identity(FilePath($0)) },
            files: program.files.compactMap { Self.identity(root.appending($0)) })
    }

    private static func identity(_ path: FilePath) -> FileIdentity? {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return nil }
        return FileIdentity(path: path.string, device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// Why the program was not started.
    private struct Obstacle: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }
}
