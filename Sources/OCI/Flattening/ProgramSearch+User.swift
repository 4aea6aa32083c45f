/// What the image's user may do.
extension ProgramSearch {
    /// The first directory on the way to a file that the user may not search: links count, and `..`. Nil if there is
    /// none.
    func closedDirectory(on path: String) -> Int? {
        let path = withoutOwnRoot(path)
        guard let user, let start = directory(of: path) else { return nil }
        return tree.closedDirectory(on: path.utf8, in: start, to: user)
    }

    /// Whether a file can be executed by its path.
    func mayStart(_ node: Int, at path: String) -> Bool {
        guard tree.isExecutable(node) else { return false }
        return user.map { tree.mayExecute(node, $0) } ?? true && closedDirectory(on: path) == nil
    }

    /// Why a file cannot be executed that is there.
    func denial(_ node: Int) -> String {
        guard tree.nodes[node].kind == .file else { return "a directory or a device: EACCES, permission denied" }
        return tree.isExecutable(node)
            ? "a file that the image's user may not execute: EACCES, permission denied"
            : "a file without execute bits: EACCES, permission denied"
    }
}
