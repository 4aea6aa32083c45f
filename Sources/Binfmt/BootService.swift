import Files
import Glibc

/// Whether systemd starts a registrar's unit at boot. See systemd.unit(5).
struct BootService {
    let registrar: BootRegistrar
    /// A prefix of every path.
    let root: String

    /// Where systemd looks for units. A file hides those of the same name in later directories.
    private static let directories = [
        BootConfiguration.unitDirectory, "/run/systemd/system", "/usr/local/lib/systemd/system",
    ]
    private static let packaged = ["/usr/lib/systemd/system", "/lib/systemd/system"]
    private static let generated = [
        "/run/systemd/generator.early", "/run/systemd/generator", "/run/systemd/generator.late",
    ]

    /// The file that masks the unit, or the units that mount the registry for it; nil if none does.
    var mask: String? {
        if let own = mask(of: registrar.unit) { return own }
        // update-binfmts mounts the registry itself.
        guard registrar == .systemd else { return nil }
        if let mount = mask(of: BootRegistrar.mountUnit) { return mount }
        return isWanted(BootRegistrar.mountUnit) ? nil : mask(of: BootRegistrar.automountUnit)
    }

    private func mask(of unit: String) -> String? {
        for directory in Self.directories {
            let path = "\(directory)/\(unit)"
            if Self.isMask(root + path) { return path }
            // The administrator's own unit replaces the packaged one.
            if access(root + path, F_OK) == 0 { return nil }
        }
        return nil
    }

    /// Whether the unit is installed, but neither systemd nor init(8) starts it.
    var isDisabled: Bool {
        guard registrar == .binfmtSupport,
            Self.packaged.contains(where: { access("\(root)\($0)/\(registrar.unit)", F_OK) == 0 })
        else { return false }
        let started = Self.names(root + "/etc").contains { name in
            name.hasPrefix("rc") && name.hasSuffix(".d")
                && Self.names("\(root)/etc/\(name)").contains { $0.hasPrefix("S") && $0.hasSuffix("binfmt-support") }
        }
        return !isWanted(registrar.unit) && !started
    }

    /// Whether another unit starts this one.
    private func isWanted(_ unit: String) -> Bool {
        (Self.directories + Self.packaged).contains { directory in
            Self.names(root + directory).contains { name in
                (name.hasSuffix(".wants") || name.hasSuffix(".requires"))
                    && Self.names("\(root)\(directory)/\(name)").contains(unit)
            }
        }
    }

    /// A drop-in file that changes whether the unit runs, or what it executes; nil if there is none.
    private var change: String? {
        for directory in Self.directories + Self.generated + Self.packaged {
            let folder = "\(directory)/\(registrar.unit).d"
            for name in Self.names(root + folder).sorted() where name.hasSuffix(".conf") {
                let lines =
                    (try? Registry.readText("\(root)\(folder)/\(name)"))?.split(whereSeparator: \.isNewline) ?? []
                let changes = lines.contains { line in
                    Self.decisive.contains { line.drop { $0 == " " || $0 == "\t" }.hasPrefix($0) }
                }
                if changes { return "\(folder)/\(name)" }
            }
        }
        return nil
    }

    /// The beginnings of directives that decide whether the service runs, and what.
    private static let decisive = ["Condition", "Assert", "ExecCondition", "ExecStart=", "ExecStartPre"]

    /// The state of a rule that the service would read.
    var state: BootEntry.State {
        if let mask { return .masked(by: mask) }
        if isDisabled { return .disabled(unit: registrar.unit) }
        return change.map { .uncertain(by: $0) } ?? .applies
    }

    /// A link to `/dev/null`, or an empty file: systemd takes both for a mask.
    static func isMask(_ path: String) -> Bool {
        if linkTarget(path).map({ String(decoding: $0, as: UTF8.self) }) == "/dev/null" { return true }
        var status = stat()
        return lstat(path, &status) == 0 && status.isRegular && status.st_size == 0
    }

    private static func names(_ directory: String) -> [String] { (try? DirectoryListing.names(in: directory)) ?? [] }
}
