/// The commands that change a directive of a systemd service for good, and restart it. See systemd.unit(5), drop-in files.
struct ServiceSetting {
    /// Such as `runner.service`.
    let unit: String
    /// Such as `MemoryDenyWriteExecute=no`.
    let directive: String

    /// Nil if the unit is no service: a session's scope has none of its directives.
    init?(_ unit: String?, _ directive: String) {
        guard let unit, unit.hasSuffix(".service") else { return nil }
        self.unit = unit
        self.directive = directive
    }

    /// For sh(1). Each directive has a file of its own: the one does not undo the other.
    func command(privileged: Bool) -> String {
        let folder = shellQuoted("/etc/systemd/system/\(unit).d")
        let file = "assay-\(directive.prefix { $0 != "=" }).conf"
        let command =
            "mkdir -p \(folder) && printf '[Service]\\n\(directive)\\n' >\(folder)/\(file)"
            + " && systemctl daemon-reload && systemctl restart \(shellQuoted(unit))"
        return privileged ? command : "sudo sh -c \(shellQuoted(command))"
    }
}
