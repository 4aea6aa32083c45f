import Files
import Glibc

/// What this host's services register at boot, in their order.
public struct BootConfiguration: Sendable, Equatable {
    /// The installed services.
    public var registrars: [BootRegistrar]
    /// What stands against an installed service, or makes it uncertain that it runs at boot. It runs if there is nothing.
    public var states: [BootRegistrar: BootEntry.State] = [:]
    /// Every rule found, also those that do not apply.
    public var entries: [BootEntry]
    /// Lines that are no rules, each as `PATH: LINE`.
    public var malformed: [String]

    /// Where systemd looks. A file hides those of the same name in later directories.
    ///
    /// Source: <https://www.freedesktop.org/software/systemd/man/latest/binfmt.d.html>
    public static let systemdDirectories = [
        "/etc/binfmt.d", "/run/binfmt.d", "/usr/local/lib/binfmt.d", "/usr/lib/binfmt.d",
    ]
    /// Where the administrator's units are, and the links that mask others.
    public static let unitDirectory = "/etc/systemd/system"
    /// Where packages put their offers to `update-binfmts`.
    public static let offersDirectory = "/usr/share/binfmts"
    /// The records of `update-binfmts`, which it enables at boot.
    public static let databaseDirectory = "/var/lib/binfmts"

    /// The most rules that are read: a hundred times what any host has.
    public static let mostEntries = 50_000

    /// The services that run at boot, as far as can be known.
    public var awake: [BootRegistrar] { registrars.filter { state($0).isRegistered } }

    /// The rules that are registered at boot, in that order. `afterBoot` says what is left of them.
    public var applied: [BootEntry] { entries.filter(\.state.isRegistered) }

    /// Reads the files of all installed services. Leaves out what cannot be read.
    ///
    /// - Parameters:
    ///   - root: a prefix of every path; empty for the running system.
    ///   - onlyApplied: leaves out the rules that are not registered at boot, without reading them.
    public static func read(root: String = "", onlyApplied: Bool = false) -> BootConfiguration {
        var found = BootConfiguration(
            registrars: BootRegistrar.allCases.filter { registrar in
                registrar.programs.contains { access(root + $0, X_OK) == 0 }
            },
            entries: [], malformed: [])
        for registrar in found.registrars {
            let state = BootService(registrar: registrar, root: root).state
            if state != .applies { found.states[registrar] = state }
        }
        found.readSystemd(root, onlyApplied)
        if !onlyApplied || found.awake.contains(.binfmtSupport) { found.readDatabase(root) }
        if !onlyApplied { found.readOffers(root) }
        return found
    }

    /// Adds a rule, unless there are too many. Returns whether there was room.
    private mutating func add(_ entry: BootEntry) -> Bool {
        if entries.count < Self.mostEntries {
            entries.append(entry)
            return true
        }
        let excess = "expected at most \(Self.mostEntries) rules, found more"
        if malformed.last?.hasSuffix(excess) != true { malformed.append("\(entry.path): \(excess)") }
        return false
    }

    /// The state of a rule that is neither overridden nor masked itself.
    private func state(_ registrar: BootRegistrar) -> BootEntry.State {
        registrars.contains(registrar) ? states[registrar] ?? .applies : .noRegistrar
    }

    private mutating func readSystemd(_ root: String, _ onlyApplied: Bool) {
        var chosen: [String: String] = [:]
        var files: [(name: String, path: String, state: BootEntry.State)] = []
        for directory in Self.systemdDirectories {
            for name in Self.files(root + directory) where name.hasSuffix(".conf") {
                let path = "\(directory)/\(name)"
                let hidden = chosen[name].map { other in
                    BootService.isMask(root + other)
                        ? BootEntry.State.masked(by: other) : BootEntry.State.overridden(by: other)
                }
                if hidden == nil { chosen[name] = path }
                let state = hidden ?? state(.systemd)
                if !onlyApplied || state.isRegistered { files.append((name, path, state)) }
            }
        }
        // Sorted by name alone, whatever the directory. A file that is overridden comes after the one that replaces it.
        for file in files.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            guard let text = try? Registry.readText(root + file.path) else { continue }
            for line in Self.lines(text) where line.first != "#" && line.first != ";" {
                guard let handler = Handler(rule: line) else {
                    malformed.append("\(file.path): \(line)")
                    continue
                }
                guard add(BootEntry(registrar: .systemd, path: file.path, handler: handler, state: file.state)) else {
                    return
                }
            }
        }
    }

    private mutating func readDatabase(_ root: String) {
        for name in Self.files(root + Self.databaseDirectory) {
            let path = "\(Self.databaseDirectory)/\(name)"
            guard let text = try? Registry.readText(root + path) else { continue }
            guard let format = BinaryFormat(database: text), let handler = format.handler(name: name) else {
                malformed.append("\(path): not a record of update-binfmts")
                continue
            }
            let entry = BootEntry(
                registrar: .binfmtSupport, path: path, handler: handler, state: state(.binfmtSupport),
                package: format.package)
            guard add(entry) else { return }
        }
    }

    private mutating func readOffers(_ root: String) {
        let imported = Set(entries.filter { $0.registrar == .binfmtSupport }.map(\.handler.name))
        for name in Self.files(root + Self.offersDirectory) where !imported.contains(name) {
            let path = "\(Self.offersDirectory)/\(name)"
            guard let text = try? Registry.readText(root + path) else { continue }
            guard let format = BinaryFormat(offer: text), let handler = format.handler(name: name) else {
                malformed.append("\(path): not a description of a binary format")
                continue
            }
            let entry = BootEntry(
                registrar: .binfmtSupport, path: path, handler: handler,
                state: registrars.contains(.binfmtSupport) ? .notImported : .noRegistrar, package: format.package)
            guard add(entry) else { return }
        }
    }

    /// The lines as systemd reads them: without blanks at both ends, without empty ones.
    private static func lines(_ text: String) -> [String] {
        let isText = { (byte: UInt8) in byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") }
        return text.utf8.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.compactMap { line in
            line.firstIndex(where: isText).flatMap { first in
                line.lastIndex(where: isText).map { String(Substring(line[first...$0])) }
            }
        }
    }

    private static func files(_ directory: String) -> [String] {
        // By bytes, as strcmp(3) compares.
        let names = (try? DirectoryListing.names(in: directory)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
