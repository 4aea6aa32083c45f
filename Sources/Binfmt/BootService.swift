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

    /// The file that masks the unit; nil if none does.
    var mask: String? {
        for directory in Self.directories {
            let path = "\(directory)/\(registrar.unit)"
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
        let wanted = (Self.directories + Self.packaged).contains { directory in
            Self.names(root + directory).contains { name in
                (name.hasSuffix(".wants") || name.hasSuffix(".requires"))
                    && Self.names("\(root)\(directory)/\(name)").contains(registrar.unit)
            }
        }
        let started = Self.names(root + "/etc").contains { name in
            name.hasPrefix("rc") && name.hasSuffix(".d")
                && Self.names("\(root)/etc/\(name)").contains { $0.hasPrefix("S") && $0.hasSuffix("binfmt-support") }
        }
        return !wanted && !started
    }

    /// The state of a rule that the service would read.
    var state: BootEntry.State {
        if let mask { return .masked(by: mask) }
        return isDisabled ? .disabled(unit: registrar.unit) : .applies
    }

    /// A link to `/dev/null`, or an empty file: systemd takes both for a mask.
    static func isMask(_ path: String) -> Bool {
        if linkTarget(path).map({ String(decoding: $0, as: UTF8.self) }) == "/dev/null" { return true }
        var status = stat()
        return lstat(path, &status) == 0 && status.isRegular && status.st_size == 0
    }

    private static func names(_ directory: String) -> [String] { (try? DirectoryListing.names(in: directory)) ?? [] }
}
