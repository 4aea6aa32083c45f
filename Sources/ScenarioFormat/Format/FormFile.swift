/// A file's text, read by a form.
enum FormFile {
    /// - Returns: the file's tree, up to where it is YAML, and its value; no value where something that it needs is not
    ///   there. The log has what is wrong.
    static func read<Value>(
        _ bytes: [UInt8], as form: Form<Value>, log: ErrorLog
    ) -> (root: YAMLNode, value: Value?)? {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            log.add(Place(line: 1, column: 1), expected: "UTF-8", found: "other bytes")
            return nil
        }
        // Skip a byte order mark: the encoding is known already.
        let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        guard let root = YAMLReader.read(text, log: log, subject: form.shape.name) else { return nil }
        guard case .object(let members)? = ShapeReader(log: log).read(root, as: .object(form.shape)) else {
            return (root, nil)
        }
        let lacks = form.shape.fields.contains { field in
            field.isRequired && !members.contains { $0.key == field.key }
        }
        return (root, lacks ? nil : form.read(members))
    }
}
