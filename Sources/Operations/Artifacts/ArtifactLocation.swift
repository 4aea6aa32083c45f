import Archive
import Files
import Glibc
import OCI
import Processes
import SystemPackage

/// Where an artifact is, as the user names it.
public enum ArtifactLocation: Sendable, Equatable {
    case standardInput
    /// A directory or a file, and the name of the wanted image in it; nil: all.
    case path(String, reference: String?)
    /// An image in an engine's own storage.
    case engine(Engine, image: String)

    /// An engine that writes an image as a stream.
    public enum Engine: String, Sendable, CaseIterable {
        case docker, podman

        /// The arguments that make it write the image to standard output.
        func arguments(saving image: String) -> [String] {
            switch self {
            case .docker: ["save", "--", image]
            case .podman: ["save", "--quiet", "--format", "docker-archive", "--", image]
            }
        }
    }

    /// The transports of skopeo that name a place, as in `oci:DIR:TAG`.
    private static let transports = ["oci", "oci-archive", "docker-archive"]

    /// Parses a location. A path that exists counts first, whatever it looks like.
    public init(_ text: String) {
        self = text == "-" ? .standardInput : Self.exists(text) ? .path(text, reference: nil) : Self.named(text)
    }

    private static func named(_ text: String) -> ArtifactLocation {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { return .path(text, reference: nil) }
        if let engine = Engine(rawValue: parts[0]) { return .engine(engine, image: parts[1]) }
        guard transports.contains(parts[0]) else { return .path(text, reference: nil) }
        if exists(parts[1]) { return .path(parts[1], reference: nil) }
        // Take the longest path that exists: a tag may have colons itself.
        let places = parts[1].indices.filter { parts[1][$0] == ":" }
        let place = places.last { exists(String(parts[1][..<$0])) } ?? places.first
        guard let place else { return .path(parts[1], reference: nil) }
        let tag = String(parts[1][parts[1].index(after: place)...])
        return .path(String(parts[1][..<place]), reference: tag.isEmpty ? nil : tag)
    }

    /// Whether it is an engine's word without an image behind it.
    static func lacksImage(_ text: String) -> Bool {
        text.last == ":" && Engine(rawValue: String(text.dropLast())) != nil
    }

    /// Whether a daemon could know an image of that name: `nginx`, `nginx:latest`, `registry:5000/team/app@sha256:…`.
    static func mayBeImage(_ text: String) -> Bool {
        let last = text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        // A word with a dot but no tag is more likely a file's name.
        let isNamed = last.contains(":") || last.contains("@") || !last.contains(".")
        return isNamed && text.last != ":" && text.first.map { $0.isLetter || $0.isNumber } == true
            && text.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
                    || "._-/:@".utf8.contains(byte)
            }
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}

extension ArtifactInspector {
    /// Inspects an image of an engine while the engine writes it.
    ///
    /// - Throws: `ArchiveError` `.io` if the engine is not installed, or does not write the image.
    func inspect(_ engine: ArtifactLocation.Engine, image: String) throws(ArchiveError) -> ArtifactEvidence {
        try Self.stream(engine, image: image) { source throws(ArchiveError) in try inspect(source) }
    }

    /// Calls `body` with an image of an engine, as the engine writes it.
    static func stream<Result>(
        _ engine: ArtifactLocation.Engine, image: String, _ body: (any ByteSource) throws(ArchiveError) -> Result
    ) throws(ArchiveError) -> Result {
        let name = "\(engine.rawValue):\(image)"
        guard let program = Tool.find(engine.rawValue) else {
            throw ArchiveError(.io, archive: name, expected: "\(engine.rawValue) in PATH", found: "none")
        }
        return try stream(of: program, engine.arguments(saving: image), name: name, body)
    }

    /// Calls `body` with a program's output. Returns its result only if the program then ends well.
    static func stream<Result>(
        of program: FilePath, _ arguments: [String], name: String,
        _ body: (any ByteSource) throws(ArchiveError) -> Result
    ) throws(ArchiveError) -> Result {
        let running: PipedProgram
        do throws(Errno) { running = try PipedProgram(program, arguments) } catch {
            throw ArchiveError(.io, archive: name, expected: "to start \(program)", found: "\(error)")
        }
        let found: Swift.Result<Result, ArchiveError>
        let source = DescriptorSource(descriptor: running.output.value, name: name)
        do throws(ArchiveError) {
            let result = try body(source)
            try source.drain()
            found = .success(result)
        } catch {
            // If the program failed, that is why its output is no whole archive.
            guard error.code != .io, (try? source.drain()) != nil, running.wait() != nil else { throw error }
            found = .failure(error)
        }
        if let ending = running.wait() {
            throw ArchiveError(
                .io, archive: name,
                expected: "\(([program.string] + arguments).joined(separator: " ")) to write the image", found: ending)
        }
        return try found.get()
    }
}
