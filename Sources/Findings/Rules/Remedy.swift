import Binfmt
import Evidence
import Guest
import Processes

/// The flags to register an interpreter with where nothing more is known of it.
///
/// QEMU learns from `AT_FLAGS` (`AT_FLAGS_PRESERVE_ARGV0`) that it was started with P. Before Linux 5.12 the kernel does not
/// tell; then only a name that ends in `-binfmt-P`, which is Debian's way, says so.
///
/// - Parameter kernel: its release, such as `6.1.0-50-amd64`.
public func usualFlags(_ interpreter: String, kernel: String) -> String {
    kernel.isVersion(before: 5, 12) && !interpreter.hasSuffix("-binfmt-P") ? "OCF" : Remedy.flags
}

/// Makes commands for this host. They have its paths, and `sudo` only if it is needed.
struct Remedy {
    let host: HostEvidence

    /// `F` makes containers work. `P` keeps `argv[0]`, and `C` set-user-id programs, as on hardware.
    static let flags = "POCF"

    /// The flags for registering an interpreter: without P if it is known not to understand it.
    func flags(for interpreter: String) -> String {
        let isJudged = interpreter == host.interpreter?.path
        let refusesP = isJudged && host.argumentShift == .extra
        let isOld = isJudged && host.interpreter?.version?.isVersion(before: 6) == true
        return (refusesP || isOld) && !interpreter.hasSuffix("-binfmt-P")
            ? "OCF" : usualFlags(interpreter, kernel: host.kernel)
    }

    /// A command that needs CAP_SYS_ADMIN. Root without it gains nothing by sudo.
    func asRoot(_ command: String) -> String {
        if host.privileged { return command }
        if host.isRoot { return elsewhere(command, "root here lacks CAP_SYS_ADMIN") }
        // One command needs no shell of root's.
        return command.contains { ";&|<>{'".contains($0) } ? "sudo sh -c \(shellQuoted(command))" : "sudo \(command)"
    }

    private func elsewhere(_ command: String, _ why: String) -> String {
        "on the host of this container (\(why)), as its root: \(command)"
    }

    /// A change of the registry. A caller who may write to it needs nothing more.
    ///
    /// - Parameter alone: the change in an empty registry, without removing what is in the way here.
    func inRegistry(_ command: String, alone: String? = nil) -> String {
        // What is judged is no entry of the host, so nothing of the host should be changed for it.
        if host.isWhatIf {
            return
                "only what --interpreter names was judged: try another --interpreter, or other --flags; nothing of this host is to be changed"
        }
        return switch host.registryAccess {
        case .writable: host.isRoot ? command : asRoot(command)
        case .refused: asRoot(command)
        case .readOnly: asRoot("mount -o remount,rw \(shellQuoted(host.registry.directory)) && { \(command); }")
        case .foreign(.possible): "\(mounting) && \(alone ?? command)"
        case .foreign(.impossible(let reason)): elsewhere(command, profile ?? reason)
        }
    }

    private var profile: String? {
        host.securityLabel.flatMap { $0 == "unconfined" || $0 == "kernel" ? nil : "its profile is \($0)" }
    }

    private var mounting: String { "mount -t binfmt_misc binfmt_misc \(shellQuoted(host.registry.directory))" }

    func write(_ text: String, to file: String) -> String {
        "printf '%s' \(shellQuoted(text)) > \(path(file))"
    }

    private func path(_ file: String) -> String { shellQuoted("\(host.registry.directory)/\(file)") }

    /// Mounts the registry of this user namespace over another's.
    var mountOwn: String { asRoot("\(mounting) && \(shellQuoted(host.program ?? "assay")) handler install") }

    /// Mounts the registry.
    func mount(kernelKnowsIt: Bool) -> String {
        asRoot(kernelKnowsIt ? mounting : "modprobe binfmt_misc && \(mounting)")
    }

    /// Registers the best interpreter of this host, and removes `replacing` first.
    func register(replacing: Handler? = nil) -> Advice {
        if let interpreter = host.candidates.first { return exchanged(replacing, for: interpreter) }
        if let package = host.installCommand { return install(package, replacing: replacing) }
        return Advice(
            installation(
                "install a static \(host.guest.emulator) as \(host.guest.staticEmulator)", replacing: replacing))
    }

    /// Registers an emulator that keeps `argv[0]`; a sentence where none does on this kernel.
    func keepingArgv0(_ handler: Handler) -> Advice {
        let interpreter = host.candidates.first ?? handler.interpreter ?? host.guest.staticEmulator
        guard !flags(for: interpreter).contains("P") else { return register(replacing: handler) }
        return Advice(
            "a kernel of Linux 5.12 or later, which tells QEMU of P; before that, a build of QEMU whose name ends in -binfmt-P (Debian's)"
        )
    }

    /// Registers another emulator of this host, else installs a newer one. Nil if neither is possible.
    func anotherInterpreter() -> Advice? {
        guard let handler = host.handler() else { return nil }
        return registerAnother(replacing: handler) ?? host.installCommand.map { install($0, replacing: handler) }
    }

    /// Registers this host's own emulator in place of the wrapper or script before it; else another one.
    func withoutWrapper() -> Advice? {
        guard let handler = host.handler(), let own = host.candidates.first, own != handler.interpreter else {
            return anotherInterpreter()
        }
        if let file = host.interpreter?.file, host.candidateFiles[own]?.isSameFile(as: file) ?? false {
            return anotherInterpreter()
        }
        return exchanged(handler, for: own)
    }

    /// Registers another file than the entry's; nil if this host has none.
    func registerAnother(replacing handler: Handler) -> Advice? {
        let bad = [host.interpreter?.file, host.executed].compactMap(\.self)
        let other = host.candidates.first { path in
            // Distributions link one file under several names.
            path != handler.interpreter
                && !(host.candidateFiles[path].map { file in bad.contains { $0.isSameFile(as: file) } } ?? false)
        }
        return other.map { exchanged(handler, for: $0) }
    }

    /// Installs a package with an interpreter, and then registers it.
    private func install(_ package: String, replacing: Handler?) -> Advice {
        Advice(installation(package, replacing: replacing), .install(package: package))
    }

    private func installation(_ command: String, replacing: Handler?) -> String {
        if host.isWhatIf { return inRegistry("") }
        let exchange = exchange(replacing, for: host.guest.staticEmulator, afterInstalling: true)
        guard case .writable = host.registryAccess else { return "\(asRoot(command)) && { \(inRegistry(exchange)); }" }
        return asRoot("\(command) && { \(exchange); }")
    }

    private func exchanged(_ replaced: Handler?, for interpreter: String) -> Advice {
        Advice(
            inRegistry(exchange(replaced, for: interpreter), alone: registration(replaced, interpreter)),
            .register(interpreter: interpreter, replacing: replaced))
    }

    private func rule(_ replaced: Handler?, _ interpreter: String) -> Handler {
        Handler(for: host.guest, name: replaced?.name, interpreter: interpreter, flags: flags(for: interpreter))
    }

    private func registration(_ replaced: Handler?, _ interpreter: String) -> String {
        write(rule(replaced, interpreter).text, to: "register")
    }

    private func exchange(_ replaced: Handler?, for interpreter: String, afterInstalling: Bool = false) -> String {
        let rule = rule(replaced, interpreter)
        let register = registration(replaced, interpreter)
        let removal = write("-1", to: rule.name)
        // An entry for something else may have the name. A package may also register an entry during installation.
        if host.registry.handlers.contains(where: { $0.name == rule.name }) { return "\(removal) && \(register)" }
        guard afterInstalling else { return register }
        return "{ [ ! -e \(path(rule.name)) ] || \(removal); } && \(register)"
    }

    func remove(_ handlers: [Handler]) -> Advice {
        Advice(
            handlers.map { inRegistry(write("-1", to: $0.name)) }.joined(separator: "; "), .remove(handlers))
    }

    /// Why the registry here cannot be changed by writing to it; nil if it can.
    var accessCause: String? {
        switch host.registryAccess {
        case .writable, .refused: nil
        case .readOnly: "The registry is mounted read-only here."
        case .foreign(let own):
            "Root here is another user on the host (a system container: LXC, LXD, Proxmox, sysbox): it sees the host's registry, and may not "
                + "write to it."
                + (own == .possible
                    ? " Since Linux 6.7 it can mount one of its own over it, which was tried: programs of other architectures that the host's "
                        + "entries take need entries of their own then."
                    : "")
        }
    }

    /// An entry's file, verbatim, as evidence.
    func quote(_ handler: Handler) -> [String] {
        ["\(host.registry.directory)/\(handler.name):"] + handler.text.split(separator: "\n").map { "  \($0)" }
    }
}
