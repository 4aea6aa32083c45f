import Archive
import ELF
import Files
import SystemPackage
import TestSupport

/// Makes image layouts in memory: good ones, and some with one fault.
struct LayoutBuilder {
    struct Image {
        var architecture: String
        var variant: String?
        /// What the index says, where that is not the truth.
        var promisedArchitecture: String?
        var layers: [[UInt8]]
        var compress = "gzip -nc"
        var mediaType = "application/vnd.oci.image.layer.v1.tar+gzip"
        /// The type of the layers above the lowest, if it is another.
        var upperMediaType: String?
        /// The execution part of the configuration, as JSON.
        var execution = "{}"
        var diffIDs: [String]?
        var hasRootFS = true
    }

    private(set) var files: [(path: String, bytes: [UInt8])] = []
    var manifests: [String] = []

    static func binary(_ architecture: String) -> [UInt8] {
        guard let target = ELFTarget(architecture: architecture) else { return [] }
        return ProgramBuilder(target: target).bytes
    }

    static func layer(_ architecture: String, extra: (inout TarBuilder) -> Void = { _ in }) -> [UInt8] {
        var tar = TarBuilder()
        tar.directory("bin/")
        tar.file("bin/tool", binary(architecture), mode: 0o755)
        tar.file("etc/proof", "nonce-\(architecture)\n")
        extra(&tar)
        return tar.finished
    }

    static func twoPlatforms() -> LayoutBuilder {
        var layout = LayoutBuilder()
        layout.add(Image(architecture: "amd64", layers: [layer("amd64")]))
        layout.add(Image(architecture: "arm64", layers: [layer("arm64"), layer("arm64")]))
        layout.finish()
        return layout
    }

    /// The digest of a new blob.
    mutating func blob(_ bytes: [UInt8]) -> String {
        let digest = SHA256.hexadecimal(bytes)
        if !files.contains(where: { $0.path == "blobs/sha256/\(digest)" }) {
            files.append(("blobs/sha256/\(digest)", bytes))
        }
        return "sha256:\(digest)"
    }

    mutating func descriptor(_ type: String, _ bytes: [UInt8], more: String = "") -> String {
        #"{"mediaType":"\#(type)","digest":"\#(blob(bytes))","size":\#(bytes.count)\#(more)}"#
    }

    mutating func add(_ image: Image) {
        let stored = image.layers.map { SystemTool.filter($0, through: image.compress) }
        let layers = stored.enumerated().map { number, bytes in
            descriptor(number > 0 ? image.upperMediaType ?? image.mediaType : image.mediaType, bytes)
        }
        let diffIDs = image.diffIDs ?? image.layers.map { "sha256:" + SHA256.hexadecimal($0) }
        let variant = image.variant.map { #","variant":"\#($0)""# } ?? ""
        let config = """
            {"architecture":"\(image.architecture)","os":"linux"\(variant),"config":\(image.execution),
             "\(image.hasRootFS ? "rootfs" : "other")":
             {"type":"layers","diff_ids":[\(diffIDs.map { "\"\($0)\"" }.joined(separator: ","))]}}
            """
        let configuration = descriptor("application/vnd.oci.image.config.v1+json", Array(config.utf8))
        let manifest = """
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
             "config":\(configuration),"layers":[\(layers.joined(separator: ","))]}
            """
        let promised = image.promisedArchitecture ?? image.architecture
        let platform = #","platform":{"os":"linux","architecture":"\#(promised)"\#(variant)}"#
        manifests.append(
            descriptor("application/vnd.oci.image.manifest.v1+json", Array(manifest.utf8), more: platform))
    }

    var index: String {
        #"{"schemaVersion":2,"manifests":[\#(manifests.joined(separator: ","))]}"#
    }

    mutating func finish() {
        files.append(("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)))
        files.append(("index.json", Array(index.utf8)))
    }

    mutating func add(_ bytes: [UInt8], at path: String) {
        files.append((path, bytes))
    }

    mutating func replace(_ path: String, with bytes: [UInt8]?) {
        guard let position = files.firstIndex(where: { $0.path == path }) else { return }
        if let bytes { files[position].bytes = bytes } else { files.remove(at: position) }
    }

    /// The paths of the files whose bytes satisfy a condition.
    func paths(where condition: ([UInt8]) -> Bool) -> [String] {
        files.filter { condition($0.bytes) }.map(\.path)
    }

    var archive: [UInt8] {
        var tar = TarBuilder()
        for (path, bytes) in files {
            if path.utf8.count > 100 { tar.pax([("path", Array(path.utf8))]) }
            tar.file(String(path.suffix(100)), bytes)
        }
        return tar.finished
    }

    func write(to scratch: Scratch) {
        _ = SystemTool.shell("mkdir -p '\(scratch.path)/blobs/sha256' '\(scratch.path)/blobs/sha512'")
        for (path, bytes) in files { _ = scratch.write(bytes, to: path) }
    }
}
