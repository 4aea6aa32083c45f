import TestSupport

extension Here {
    /// The program can be executed by nobody, too: it may lie below root's home.
    static let nobodyCanRun: Bool = {
        guard isRoot, let machine = try? Machine(user: 65534) else { return !isRoot }
        return machine.assay("--version").status == 0
    }()
}
