import Files
import Glibc

/// What this host's services register at boot, in the order in which they do it.
public struct BootConfiguration: Sendable, Equatable {
    /// The services that are installed.
    public var registrars: [BootRegistrar]
    /// Those whose service does not run at boot, and why.
    public var idle: [BootRegistrar: BootEntry.State] = [:]
    public var entries: [BootEntry]
    /// `PATH: LINE` of rules that cannot be read as such.
    public var malformed: [String]

    /// Where systemd looks; a file hides those of the same name in later directories.
    ///
    /// Source: <https://www.freedesktop.org/software/systemd/man/latest/binfmt.d.html>
    public static let systemdDirectories = [
        "/etc/binfmt.d", "/run/binfmt.d", "/usr/local/lib/binfmt.d", "/usr/lib/binfmt.d",
    ]
    /// What packages offer to `update-binfmts`.
    public static let offersDirectory = "/usr/share/binfmts"
    /// What `update-binfmts` was given, and enables at boot.
    public static let databaseDirectory = "/var/lib/binfmts"

    /// The most rules that are read. No host has a hundredth of them.
    public static let mostEntries = 50_000

    /// Rules that are read at boot, in that order. See `afterBoot` for what comes of it.
    public var applied: [BootEntry] { entries.filter { $0.state == .applies } }

    /// Reads all of it. What cannot be read is left out.
    ///
    /// - Parameter root: what stands before every path; empty for the running system.
    public static func read(root: String = "") -> BootConfiguration {
        var found = BootConfiguration(
            registrars: BootRegistrar.allCases.filter { registrar in
                registrar.programs.contains { access(root + $0, X_OK) == 0 }
            },
            entries: [], malformed: [])
        for registrar in found.registrars {
            let state = BootService(registrar: registrar, root: root).state
            if state != .applies { found.idle[registrar] = state }
        }
        found.readSystemd(root)
        found.readDatabase(root)
        found.readOffers(root)
        return found
    }

    /// Whether there was room for it.
    private mutating func add(_ entry: BootEntry) -> Bool {
        if entries.count < Self.mostEntries {
            entries.append(entry)
            return true
        }
        let excess = "expected at most \(Self.mostEntries) rules, found more"
        if malformed.last?.hasSuffix(excess) != true { malformed.append("\(entry.path): \(excess)") }
        return false
    }

    /// What becomes of a rule that only the registrar itself could keep from being registered.
    private func state(_ registrar: BootRegistrar) -> BootEntry.State {
        registrars.contains(registrar) ? idle[registrar] ?? .applies : .noRegistrar
    }

    private mutating func readSystemd(_ root: String) {
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
                files.append((name, path, hidden ?? state(.systemd)))
            }
        }
        // By name alone, whatever the directory; a file that is overridden stands behind the one that counts.
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

    /// As systemd reads them: without the blanks around each, whatever ends it; empty ones left out.
    private static func lines(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { line in
            let blank = { (character: Character) in character == " " || character == "\t" }
            return String(line.drop(while: blank).reversed().drop(while: blank).reversed())
        }.filter { !$0.isEmpty }
    }

    private static func files(_ directory: String) -> [String] {
        // As strcmp(3) compares: by bytes.
        let names = (try? DirectoryListing.names(in: directory)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
