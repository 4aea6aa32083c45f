import Archive
import Evidence
import Files
import SystemPackage

@testable import OCI

extension FuzzTarget {
    /// Any file, read as an artifact.
    static let artifact = FuzzTarget(name: "artifact") { bytes in
        inspect(bytes)
    }

    /// An image layout whose documents are the input's parts. Digests and sizes are corrected, since nothing behind
    /// them is reached otherwise.
    static let layout = FuzzTarget(name: "layout") { bytes in
        inspect(LayoutText(bytes).archive)
    }

    /// An artifact must be the same read at random from a file and in one pass from a stream.
    private static func inspect(_ bytes: [UInt8]) {
        let file = MemoryFile(bytes)
        var inspector = ArtifactInspector(
            platform: Platform(os: "linux", architecture: "arm64"), limits: .small, wantedFiles: ["/etc/proof"])
        inspector.keepsTrees = true
        let stored = Result { try inspector.inspect(file.path) }
        let streamed = Result { try inspector.inspect(PiecewiseSource(bytes, name: file.path.string)) }
        guard case .success(let one) = stored, case .success(let other) = streamed else { return }
        require(one.kind == other.kind && one.platforms == other.platforms, "the same platforms")
        let faults = [one, other].map { Set($0.faults.map { "\($0.kind) \($0.path)" }) }
        require(faults[0] == faults[1], "the same faults: \(faults[0]) and \(faults[1])")
        let binaries = [one, other].map { evidence in
            evidence.images.map { image in "\(image.nativeBinaries) \(image.layers.map(\.diffID))" }
        }
        require(binaries[0] == binaries[1], "the same images")
        for image in one.images where image.isComplete {
            for name in ["/bin/tool", "tool", "../../x"] { _ = image.program(name) }
        }
    }
}

/// Documents that refer to each other: parts of the input, `@N` in them stands for part N's digest.
private struct LayoutText {
    var archive: [UInt8] = []

    init(_ bytes: [UInt8]) {
        // A part can refer to those before it. The last is the index.
        var parts = bytes.split(separator: 0, maxSplits: 7, omittingEmptySubsequences: false).map(Array.init)
        var digests: [String] = []
        for index in parts.indices {
            parts[index] = Self.resolved(parts[index], digests, sizes: parts.map(\.count))
            digests.append(SHA256.hexadecimal(parts[index]))
        }
        add("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        for (digest, part) in zip(digests, parts) { add("blobs/sha256/\(digest)", part) }
        add("index.json", parts.last ?? [])
        archive += [UInt8](repeating: 0, count: 1024)
    }

    /// `@N` is a digest, `#N` a size.
    private static func resolved(_ part: [UInt8], _ digests: [String], sizes: [Int]) -> [UInt8] {
        var text: [UInt8] = []
        var index = 0
        while index < part.count {
            let next = index + 1 < part.count ? Int(part[index + 1]) - 0x30 : -1
            if digests.indices.contains(next), part[index] == UInt8(ascii: "@") {
                text += Array("sha256:\(digests[next])".utf8)
            } else if digests.indices.contains(next), part[index] == UInt8(ascii: "#") {
                text += Array("\(sizes[next])".utf8)
            } else {
                text.append(part[index])
                index += 1
                continue
            }
            index += 2
        }
        return text
    }

    /// Source: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06>
    private mutating func add(_ name: String, _ bytes: [UInt8]) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        let size = String(bytes.count, radix: 8)
        put(name, at: 0)
        put("0000644", at: 100)
        put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put("        ", at: 148)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", at: 148)
        archive += header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
}
