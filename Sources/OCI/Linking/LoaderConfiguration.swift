import Archive

/// The files of an image that tell dynamic linkers where libraries are.
///
/// Source: <https://man7.org/linux/man-pages/man8/ld.so.8.html>, "FILES"; <https://man7.org/linux/man-pages/man8/ldconfig.8.html>;
/// <https://musl.libc.org/doc/1.1.24/manual.html>, "Pathnames"
struct LoaderConfiguration {
    /// The most files of `ld.so.conf` that are read. No image has so many.
    private static let mostIncluded = 256
    private static let name = "/etc/ld.so.conf"

    private let contents: KeptContents

    init(_ contents: KeptContents) { self.contents = contents }

    /// Whether a file's contents are kept. Matches names in any directory: a linker may be built for another place than
    /// `/`.
    static func isPart(_ path: EntryPath) -> Bool {
        let name = path.name
        if ["ld.so.cache", "ld.so.conf", "ld.so.preload"].contains(where: { name.elementsEqual($0.utf8) }) {
            return true
        }
        if name.starts(with: "ld-musl-".utf8) { return name.suffix(5).elementsEqual(".path".utf8) }
        return name.suffix(5).elementsEqual(".conf".utf8)
            && path.bytes.dropLast(name.count + 1).suffix(12).elementsEqual("ld.so.conf.d".utf8)
    }

    /// The contents of a file; nil if there is none.
    ///
    /// - Throws: `ImageTree.OverLimit` if the file was too large to be kept.
    func bytes(at path: String) throws(ImageTree.OverLimit) -> [UInt8]? {
        guard let node = contents.tree.resolve(path), contents.tree.nodes[node].kind == .file else { return nil }
        guard let bytes = contents.bytes(of: node) else {
            throw ImageTree.OverLimit(expected: "\(path) of at most \(LayerScanner.mostConfigurationBytes) bytes")
        }
        return bytes
    }

    /// The text of musl's path file; nil if there is none, empty if it cannot be read.
    func muslPath(at path: String) throws(ImageTree.OverLimit) -> String? {
        guard let node = contents.tree.resolve(path) else { return nil }
        guard contents.tree.nodes[node].kind == .file else { return "" }
        return String(decoding: (try bytes(at: path) ?? []).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The libraries in `/etc/ld.so.preload`.
    func preloaded() throws(ImageTree.OverLimit) -> [String] {
        guard let bytes = try bytes(at: "/etc/ld.so.preload") else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).flatMap { line in
            line.prefix { $0 != UInt8(ascii: "#") }.split { " \t:".utf8.contains($0) }
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The directories that `ld.so.conf` names for `ldconfig`, each with the file that names it.
    ///
    /// No linker reads this. It serves only the words of a remedy.
    var configured: [(directory: String, file: String)] {
        var found: [(directory: String, file: String)] = []
        var pending = [Self.name]
        var seen: Set<String> = []
        while let file = pending.popLast(), seen.count < Self.mostIncluded {
            guard seen.insert(file).inserted, let node = contents.tree.resolve(file),
                let bytes = contents.bytes(of: node)
            else { continue }
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                let text = line.prefix { $0 != UInt8(ascii: "#") }
                let words = Self.words(text, between: " \t")
                if words.first == "include" {
                    pending += words.dropFirst().flatMap { included($0, by: file) }.reversed()
                } else if words.first != "hwcap" {
                    let directories = Self.words(text, between: " \t:,")
                    found += directories.map { ($0.parts("=", keepsEmpty: true)[0], file) }
                }
            }
        }
        return found
    }

    private static func words(_ text: ArraySlice<UInt8>, between separators: String) -> [String] {
        text.split(whereSeparator: separators.utf8.contains).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The files of an `include` pattern. Only the last component may have wildcards.
    private func included(_ pattern: String, by file: String) -> [String] {
        let path =
            pattern.isAbsolutePath
            ? pattern : file[...(file.utf8.lastIndex(of: UInt8(ascii: "/")) ?? file.startIndex)] + pattern
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return [] }
        let tree = contents.tree
        guard let directory = tree.resolve(String(path[..<slash])) else { return [] }
        let wanted = Array(path[slash...].dropFirst().utf8)
        return tree.children(of: directory).map { Array(tree.name($0)) }
            .filter { $0.first != UInt8(ascii: ".") && PathPattern.matches(wanted[...], $0[...], work: tree.work) }
            .map { "\(path[..<slash])/" + String(decoding: $0, as: UTF8.self) }.sorted()
    }
}
