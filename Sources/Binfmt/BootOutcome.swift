extension BootConfiguration {
    /// The registry's entries after a boot, oldest first.
    ///
    /// systemd-binfmt removes an entry of the same name before it registers one. `update-binfmts --enable` runs later,
    /// and leaves an existing name alone. Both were seen with systemd 252 and binfmt-support 2.2.2.
    public var afterBoot: [BootEntry] {
        var live: [BootEntry?] = []
        var places: [String: Int] = [:]
        for entry in applied {
            if let place = places[entry.handler.name] {
                if entry.registrar == .binfmtSupport { continue }
                live[place] = nil
            }
            places[entry.handler.name] = live.count
            live.append(entry)
        }
        return live.compactMap(\.self)
    }

    /// The file or record in which a service keeps an entry of this name.
    public static func path(of name: String, by registrar: BootRegistrar) -> String {
        switch registrar {
        case .systemd: "\(systemdDirectories[0])/\(name).conf"
        case .binfmtSupport: "\(databaseDirectory)/\(name)"
        }
    }

    /// This configuration with one more rule, in the file that `path(of:by:)` names. Replaces a rule that is there.
    public func adding(_ handler: Handler, by registrar: BootRegistrar) -> BootConfiguration {
        let path = Self.path(of: handler.name, by: registrar)
        let file = Self.file(path)
        var changed = self
        changed.entries.removeAll { $0.registrar == registrar && Self.file($0.path) == file }
        let entry = BootEntry(registrar: registrar, path: path, handler: handler, state: .applies)
        let place = changed.entries.firstIndex { other in
            other.registrar != registrar
                || Array(file.utf8).lexicographicallyPrecedes(Array(Self.file(other.path).utf8))
        }
        switch registrar {
        case .systemd: changed.entries.insert(entry, at: place ?? changed.entries.endIndex)
        case .binfmtSupport: changed.entries.append(entry)
        }
        return changed
    }

    private static func file(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
