import Binfmt
import Evidence
import Guest

/// Commands to type on this host: they name its paths, and `sudo` only where it is needed.
struct Remedy {
    let host: HostEvidence

    /// `F` is what makes containers work, `P` and `C` keep `argv[0]` and set-user-id programs as they are on hardware.
    static let flags = "POCF"

    func asRoot(_ command: String) -> String {
        host.privileged ? command : "sudo sh -c \(shellQuoted(command))"
    }

    func write(_ text: String, to file: String) -> String {
        "printf '%s' \(shellQuoted(text)) > \(path(file))"
    }

    private func path(_ file: String) -> String { shellQuoted("\(host.registry.directory)/\(file)") }

    /// Mounts the registry.
    func mount(kernelKnowsIt: Bool) -> String {
        let mount = "mount -t binfmt_misc binfmt_misc \(shellQuoted(host.registry.directory))"
        return asRoot(kernelKnowsIt ? mount : "modprobe binfmt_misc && \(mount)")
    }

    /// Registers the best interpreter of this host, after removing `replacing`.
    func register(replacing: Handler? = nil) -> String {
        if let interpreter = host.candidates.first { return asRoot(exchange(replacing, for: interpreter)) }
        return install(
            host.installCommand ?? "install a static \(host.guest.emulator) as \(host.guest.staticEmulator)",
            replacing: replacing)
    }

    /// Registers another emulator that this host has, or else installs a newer one.
    func anotherInterpreter() -> String? {
        guard let handler = host.handler() else { return nil }
        return registerAnother(replacing: handler) ?? host.installCommand.map { install($0, replacing: handler) }
    }

    /// Registers another file than the entry's; nil where this host has none.
    func registerAnother(replacing handler: Handler) -> String? {
        let bad = [host.interpreter?.file, host.executed].compactMap(\.self)
        let other = host.candidates.first { path in
            // One file may have several names: distributions link them.
            path != handler.interpreter
                && !(host.candidateFiles[path].map { file in bad.contains { $0.isSameFile(as: file) } } ?? false)
        }
        return other.map { asRoot(exchange(handler, for: $0)) }
    }

    /// Installs an interpreter first.
    func install(_ command: String, replacing: Handler?) -> String {
        asRoot("\(command) && { \(exchange(replacing, for: host.guest.staticEmulator, afterInstalling: true)); }")
    }

    private func exchange(_ replaced: Handler?, for interpreter: String, afterInstalling: Bool = false) -> String {
        let rule = Handler(for: host.guest, name: replaced?.name, interpreter: interpreter, flags: Self.flags)
        let register = write(rule.text, to: "register")
        let removal = write("-1", to: rule.name)
        // The name may be taken by an entry for something else; and a package may register while it is installed.
        if host.registry.handlers.contains(where: { $0.name == rule.name }) { return "\(removal) && \(register)" }
        guard afterInstalling else { return register }
        return "{ [ ! -e \(path(rule.name)) ] || \(removal); } && \(register)"
    }

    func remove(_ handler: Handler) -> String { asRoot(write("-1", to: handler.name)) }

    /// An entry's file, verbatim, as evidence.
    func quote(_ handler: Handler) -> [String] {
        ["\(host.registry.directory)/\(handler.name):"] + handler.text.split(separator: "\n").map { "  \($0)" }
    }
}
