import Files
public import Findings
import Glibc
import Guest
import Probes
import Processes
import Sandbox
import ScenarioFormat
public import SystemPackage

/// A command in the environment of one drill, instead of a judgement: what others say of a fault that is known.
extension DrillSession {
    /// Runs a command in the environment of the only drill, with this process's standard streams and variables.
    ///
    /// - Returns: its exit status, as shells tell it.
    /// - Throws: `WhatIf.Impossible` if no private registry can be had; `ArchiveError` if the image cannot be unpacked;
    ///   `CallFailure` if nothing can be started.
    public func run(_ command: [String], in workspace: Workspace) throws -> Int32 {
        try WhatIf.check()
        _ = try workspace.root(of: .core(for: settings.guest))
        let directory = workspace.scratch.appending(drills[0].name)
        var words = ["assay", "drill", drills[0].name, "--inside", directory.string]
        if let platform = settings.guest.namedPlatform { words += ["--platform", platform] }
        defer { if let run = RunDirectory.run { _ = ControlGroups.release(run: run) } }
        return try Foreground.run(
            program.string, words + ["--"] + command,
            Tool.environment.merging(drills[0].environment(in: directory)) { $1 })
    }

    /// In a drill's process: brings the fault about, and runs the command in it.
    ///
    /// - Returns: as `run(_:in:)`.
    /// - Throws: as `bringAbout(_:in:workspace:guest:)`; `NoInput` if there is no such command, and `CallFailure` if it
    ///   cannot be started.
    public static func run(
        _ command: [String], inside drill: Drill, directory: FilePath, settings: Settings, workspace: Workspace
    ) throws -> Int32 {
        guard let program = command[0].contains("/") ? FilePath(command[0]) : Tool.find(command[0]) else {
            throw NoInput(command[0], .noSuchFileOrDirectory)
        }
        try bringAbout(drill, in: directory, workspace: workspace, guest: settings.guest)
        return try Foreground.run(program.string, command, Tool.environment)
    }
}

/// A program that has this process's standard streams, as a shell starts one.
private enum Foreground {
    /// How long a signal to this process may wait before it is handed on.
    private static let pulse: Int32 = 20

    /// - Throws: `CallFailure`.
    static func run(_ path: String, _ arguments: [String], _ environment: [String: String]) throws -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This process ignores it, see `Interrupt`.
        var own = sigset_t()
        sigemptyset(&own)
        sigaddset(&own, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &own)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var words = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for string in words + variables { free(string) } }
        var pid = pid_t()
        let error = posix_spawn(&pid, path, nil, &attributes, &words, &variables)
        guard error == 0 else { throw CallFailure("posix_spawn \(path)", Errno(rawValue: error)) }
        var status: Int32 = 0
        var handedOn: Int32?
        while true {
            let found = waitpid(pid, &status, WNOHANG)
            if found == pid { break }
            guard found == 0 || errno == EINTR else { throw CallFailure("waitpid", Errno(rawValue: errno)) }
            if let signal = Interrupt.signal, handedOn == nil {
                kill(pid, signal)
                handedOn = signal
            }
            // Readable for ever once a signal came.
            var waiting = pollfd(
                fd: handedOn == nil ? Interrupt.descriptor : -1, events: Int16(POLLIN), revents: 0)
            poll(&waiting, 1, pulse)
        }
        return switch WaitStatus(status) {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}
