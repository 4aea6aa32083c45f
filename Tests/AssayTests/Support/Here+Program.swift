import TestSupport

extension Here {
    /// Whether the user nobody can execute the program: it may be below root's home.
    static let nobodyCanRun: Bool = {
        guard isRoot, let machine = try? Machine(user: 65534) else { return !isRoot }
        return machine.assay("--version").status == 0
    }()
}
