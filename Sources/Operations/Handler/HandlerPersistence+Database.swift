import Binfmt
import Files

/// Registration at boot by `update-binfmts`, which registers the entry in the kernel too.
extension HandlerPersistence {
    /// The package name under which `update-binfmts` keeps Assay's entries.
    static let package = "assay"

    func registerWithDatabase(_ boot: BootConfiguration, _ change: inout HandlerChange) throws(HandlerRefusal) {
        var undo = [remove(package: Self.package, interpreter: wanted.interpreter)]
        if let registered { undo.append(.register(registered, directory: directory)) }
        if let record = record(in: boot) {
            let owner = record.package ?? ""
            let restored = install(record.handler, package: owner)
            if owner == Self.package {
                if registered != nil && record.handler.isEquivalent(to: wanted) { return }
                undo = [restored]
            } else {
                guard replace else {
                    throw refusal(
                        "no record \(record.path), or one of Assay's", "one of package \(owner)",
                        "--replace removes it, or give another --name")
                }
                change.add(remove(package: owner, interpreter: record.handler.interpreter), undo: restored)
            }
            expectRestored(&change)
        }
        change.steps.append(HandlerChange.Step(operation: install(wanted, package: Self.package), undo: undo))
    }

    func removeFromDatabase(_ boot: BootConfiguration, _ change: inout HandlerChange) {
        guard let record = record(in: boot), record.package == Self.package else { return }
        expectRestored(&change)
        change.add(
            remove(package: Self.package, interpreter: record.handler.interpreter),
            undo: install(record.handler, package: Self.package))
    }

    private func record(in boot: BootConfiguration) -> BootEntry? {
        boot.applied.first { $0.registrar == .binfmtSupport && $0.handler.name == name }
    }

    /// Prepares undoing for a restored record: `update-binfmts` then registers an entry, which must go before the
    /// earlier one can come back.
    private func expectRestored(_ change: inout HandlerChange) {
        for index in change.steps.indices {
            guard case .unregister(name, _) = change.steps[index].operation, !change.steps[index].undo.isEmpty else {
                continue
            }
            change.steps[index].undo.insert(.unregister(name, directory: directory), at: 0)
        }
    }

    private func install(_ entry: Handler, package: String) -> HandlerOperation {
        var words = [
            BootRegistrar.updateBinfmts, "--package", package, "--install", entry.name, entry.interpreter ?? "",
        ]
        if case .magic(let offset, let magic, let mask) = entry.recognition {
            words += ["--offset", "\(offset)", "--magic", hexadecimal(magic)]
            if mask.contains(where: { $0 != 0xff }) { words += ["--mask", hexadecimal(mask)] }
        }
        func says(_ flag: Character) -> String { entry.flags.contains(flag) ? "yes" : "no" }
        words += ["--credentials", says("C"), "--preserve", says("P"), "--fix-binary", says("F")]
        return .run(words)
    }

    private func remove(package: String, interpreter: String?) -> HandlerOperation {
        .run([BootRegistrar.updateBinfmts, "--package", package, "--remove", name, interpreter ?? ""])
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { "\\x\($0.hexadecimal)" }.joined()
    }
}
