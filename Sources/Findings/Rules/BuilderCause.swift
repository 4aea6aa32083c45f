import Evidence

/// Why a step of a build failed, in the words of the builder and of its container runtime.
///
/// The step's program is Assay's own: it is in the image, for the right machine, and links to nothing. So words that
/// could speak of any image speak of the host that builds.
struct BuilderCause: Equatable {
    enum Kind: CaseIterable {
        /// The kernel knows no handler for the program.
        case noHandler
        /// A handler's interpreter is not there in the step's root.
        case notFixed
        case notExecutable
        /// What the handler starts is an emulator for another machine.
        case wrongInterpreter
        case crash
        /// The runtime could not start any program: cgroups, filters of system calls, networks.
        case runtime
        /// The daemon went away, or let nobody in.
        case unreachable
    }

    let kind: Kind
    /// The line that says so.
    let line: String

    /// Nil if the message names no cause.
    init?(_ message: BuildLog) {
        let lines = message.lines.map { (text: $0.text, words: $0.text.lowercased()) }
        // The order of kinds counts: a runtime that fails quotes the program, and a crash ends a program that had begun.
        for kind in [Kind.unreachable, .runtime, .crash, .wrongInterpreter, .notFixed, .notExecutable, .noHandler] {
            guard let found = lines.last(where: { kind.isSaid(in: $0.words) }) else { continue }
            self.kind = kind
            line = found.text
            return
        }
        return nil
    }

    /// The finding for the host where the builder runs; nil if the words say nothing about that host's emulation.
    var hostCode: FindingCode? {
        switch kind {
        case .noHandler: .handlerMissing
        case .notFixed: .handlerNotFixed
        case .notExecutable: .interpreterNotExecutable
        case .wrongInterpreter: .interpreterWrongProgram
        case .crash, .runtime, .unreachable: nil
        }
    }

    /// The finding about the builder.
    var builderCode: FindingCode {
        switch kind {
        case .noHandler, .notFixed, .notExecutable, .wrongInterpreter: .builderDeclaresButCannotRun
        case .crash: .emulationCrashes
        case .runtime: .builderRuntimeFails
        case .unreachable: .builderUnreachable
        }
    }

    /// What the cause comes to, for people.
    var meaning: String {
        switch kind {
        case .noHandler: "no handler takes these programs there, or it is disabled"
        case .notFixed: "the handler has no F there, or its interpreter is not in the step's root"
        case .notExecutable: "the handler's interpreter may not be executed there"
        case .wrongInterpreter: "the handler's interpreter there emulates another machine"
        case .crash: "the emulator crashed there"
        case .runtime: "the container runtime could not start the step"
        case .unreachable: "the daemon went away during the build"
        }
    }
}

extension BuilderCause.Kind {
    /// Groups of words that must all be in one line, in lower case.
    private var says: [[String]] {
        switch self {
        case .unreachable:
            ToolWords.noDaemon + ToolWords.noBuildkit + [
                ["failed to dial"], ["dial unix", "connection refused"], ["dial unix", ToolWords.refused],
                ["dial unix", ToolWords.missing], ["dial tcp", "connection refused"], ["transport is closing"],
                ["error reading from server: eof"], ["connection reset by peer"],
            ]
        case .runtime:
            ToolWords.noRuntime + [
                ["cgroup", "mountpoint"], ["cgroup", "read-only file system"], ["cgroup", ToolWords.refused],
                ["cgroup", ToolWords.missing], ["seccomp"], ["oci runtime create failed"],
                ["runc create failed", "cgroup"], ["runc did not terminate successfully"],
                ["failed to set up network"], ["failed to setup network"], ["cni plugin"], ["cni", "failed"],
                ["error mounting \"proc\""], ["exec /", "operation not permitted"],
            ]
        case .crash:
            [
                ["uncaught target signal"], ["qemu internal sig"], ["exit code: 139"], ["exit code: 132"],
                ["exit code: 134"], ["exit status 139"], ["exit status 132"], ["exit status 134"],
                ["signal: segmentation fault"], ["signal: illegal instruction"], ["signal: aborted"],
            ]
        case .wrongInterpreter: [["invalid elf image"]]
        case .notFixed: ToolWords.executing(ToolWords.missing)
        case .notExecutable: ToolWords.executing(ToolWords.refused)
        case .noHandler: BuilderRules.refusals.map { [$0] }
        }
    }

    fileprivate func isSaid(in text: String) -> Bool {
        says.contains { $0.allSatisfy(text.contains) }
    }
}
