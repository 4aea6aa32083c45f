import ELF
import Evidence

/// Programs that change who runs them.
extension ContentInspection {
    /// Who runs the image's programs; nil if that is not known.
    private var runner: ImageUser? {
        guard config != nil else { return nil }
        return config?.config?.user.flatMap { $0.isEmpty ? nil : $0 } == nil
            ? ImageUser(nil, files: [:]) : programs.user
    }

    /// Engines give containers few capabilities, and execve(2) fails for a program that must have another one.
    mutating func checkCapabilities(of node: Int) {
        guard let program = programs.chain(from: node).last, case .elf = tree.facts(program),
            let capabilities = tree.capabilities(program), capabilities.isEffective
        else { return }
        let missing = capabilities.notGiven
        guard !missing.isEmpty else { return }
        add(
            .entrypointMissing, .capabilityNotGiven, node, culprit: program == node ? nil : tree.path(program),
            subject: missing.joined(separator: ","),
            expected: "a program that starts with what engines give by default",
            found: "one that must have \(missing.joined(separator: ", ")): EPERM, operation not permitted")
    }

    /// A program that changes the ids or capabilities of the image's user must find its libraries without
    /// `LD_LIBRARY_PATH`, and without `$ORIGIN`.
    mutating func checkTrust(of node: Int, _ facts: ELFFacts, _ interpreter: String) throws(ImageTree.OverLimit) {
        guard let runner, let privilege = tree.privilege(node, for: runner),
            let missing = try resolver.missingWithoutTrust(of: node, facts, interpreter: interpreter).first
        else { return }
        let needer = missing.needer == node ? nil : tree.path(missing.needer)
        let by = needer.map { ", needed by \($0)" } ?? ""
        add(
            .loaderMissing, .libraryNotTrusted, node, culprit: needer, subject: missing.name,
            expected: "the library \(missing.name)\(by), without LD_LIBRARY_PATH and $ORIGIN",
            found: "none in trusted places, and the program is \(privilege), which user \(runner.uid) is not")
    }
}
