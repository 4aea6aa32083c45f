import Files
import Glibc
import Guest
import SystemPackage

/// An empty image with a platform of its own: this program's.
///
/// BuildKit gives a stage `FROM scratch` the target's platform, whatever `--platform` says, and hands the programs of
/// such a stage to its embedded emulator if it uses one. An image brings its own platform.
/// Source: `dispatchStages` in <https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go>.
struct BaseImage: Sendable {
    /// An OCI layout.
    let layout: FilePath
    /// The manifest's digest.
    let digest: String

    /// The build argument of the context `stages` that names the base.
    static let argument = "BASE"
    /// The base's name among a build's contexts.
    static let name = "assay-base"

    /// Writes the image below `directory`.
    ///
    /// - Throws: `Errno`.
    init(in directory: FilePath) throws {
        layout = directory
        try makeDirectory(directory)
        try makeDirectory(directory.appending("blobs"))
        try makeDirectory(directory.appending("blobs/sha256"))
        let layer = [UInt8](repeating: 0, count: 10240)
        let prefix = "application/vnd.oci.image"
        let layerPart = try Self.blob(layer, "\(prefix).layer.v1.tar", directory)
        let config = """
            {"architecture":"\(Guest.native.architecture)","os":"linux","config":{},\
            "rootfs":{"type":"layers","diff_ids":["sha256:\(SHA256.hexadecimal(layer))"]}}
            """
        let configPart = try Self.blob(Array(config.utf8), "\(prefix).config.v1+json", directory)
        let manifest = """
            {"schemaVersion":2,"mediaType":"\(prefix).manifest.v1+json","config":\(configPart),"layers":[\(layerPart)]}
            """
        let manifestPart = try Self.blob(Array(manifest.utf8), "\(prefix).manifest.v1+json", directory)
        digest = "sha256:\(SHA256.hexadecimal(Array(manifest.utf8)))"
        try WholeFile.write("{\"imageLayoutVersion\":\"1.0.0\"}".utf8, to: directory.appending("oci-layout"))
        try WholeFile.write(
            "{\"schemaVersion\":2,\"manifests\":[\(manifestPart)]}".utf8, to: directory.appending("index.json"))
    }

    /// Writes a blob.
    ///
    /// - Returns: its descriptor.
    private static func blob(_ bytes: [UInt8], _ type: String, _ directory: FilePath) throws -> String {
        let digest = SHA256.hexadecimal(bytes)
        try WholeFile.write(bytes, to: directory.appending("blobs/sha256").appending(digest))
        return "{\"mediaType\":\"\(type)\",\"digest\":\"sha256:\(digest)\",\"size\":\(bytes.count)}"
    }
}
