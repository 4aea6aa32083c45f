extension BootConfiguration {
    /// What is in the registry after a boot, oldest entry first.
    ///
    /// systemd-binfmt removes an entry of the same name before it registers one; `update-binfmts --enable` comes later
    /// and leaves a name alone that is there (both seen by running them: systemd 252, binfmt-support 2.2.2).
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

    /// As it would be with one more rule, in the place that `path(of:by:)` names; what is there is replaced.
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
