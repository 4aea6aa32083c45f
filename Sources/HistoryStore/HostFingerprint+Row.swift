import History

extension HostFingerprint {
    static let columns =
        "kernel, machine, interpreter_path, interpreter_version, interpreter_sha256, handler, handler_flags"

    var values: [Value] { facts.map { .text($0.value ?? "") } }

    /// - Parameter column: of the first of `columns`.
    init(_ row: Row, from column: Int32) {
        self.init(kernel: row.text(column), machine: row.text(column + 1))
        interpreterPath = row.optionalText(column + 2)
        interpreterVersion = row.optionalText(column + 3)
        interpreterSHA256 = row.optionalText(column + 4)
        handler = row.optionalText(column + 5)
        handlerFlags = row.optionalText(column + 6)
    }
}
