/// A binary format as binfmt-support describes it: an offer of a package, or a record in the database of
/// `update-binfmts`.
///
/// Source: update-binfmts(8), and `src/format.c` of <https://gitlab.com/cjwatson/binfmt-support>.
struct BinaryFormat: Equatable {
    var package: String
    var fields: [String: String]

    /// Reads a package's offer: one `key value` a line, as in `/usr/share/binfmts`. Nil without an interpreter, or with
    /// neither magic nor extension.
    init?(offer text: String) {
        fields = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        guard fields["interpreter"] != nil, fields["magic"] != nil || fields["extension"] != nil else { return nil }
        package = fields["package"] ?? ""
    }

    /// Reads a record of the database, as in `/var/lib/binfmts`: each line has its meaning by its place. Older versions
    /// wrote fewer lines.
    init?(database text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 6, ["magic", "extension"].contains(lines[1]), !lines[5].isEmpty else { return nil }
        package = lines[0]
        let names = [
            "package", "type", "offset", lines[1], "mask", "interpreter", "detector", "credentials", "preserve",
            "fix_binary",
        ]
        fields = Dictionary(uniqueKeysWithValues: zip(names, lines))
    }

    /// The entry that `update-binfmts` makes of it, but for a detector: then it registers its own `run-detectors` in
    /// place of the interpreter.
    /// Nil if mask and magic differ in length: the kernel refuses such a rule.
    func handler(name: String) -> Handler? {
        func says(_ field: String) -> Bool { fields[field] == "yes" }
        let flags = (says("preserve") ? "P" : "") + (says("credentials") ? "OC" : "") + (says("fix_binary") ? "F" : "")
        let interpreter = fields["interpreter"] ?? ""
        var handler = Handler(name: name, text: "")
        handler.enabled = true
        handler.interpreter = interpreter
        handler.flags = flags
        if let text = fields["extension"] {
            handler.recognition = .fileExtension(text)
        } else {
            let magic = Handler.unescaped(fields["magic"] ?? "")
            let given = fields["mask"].flatMap { $0.isEmpty ? nil : Handler.unescaped($0) }
            let mask = given ?? [UInt8](repeating: 0xff, count: magic.count)
            guard mask.count == magic.count else { return nil }
            handler.recognition = .magic(offset: Int(fields["offset"] ?? "") ?? 0, magic: magic, mask: mask)
        }
        handler.text = handler.rule ?? ""
        return handler
    }
}
