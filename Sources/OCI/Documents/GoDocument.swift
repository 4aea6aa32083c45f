import FoundationEssentials

/// A document that container engines decode with Go's `encoding/json`.
protocol GoDocument: Decodable {
    /// The form of the document.
    static var shape: GoJSON.Shape { get }
}

extension GoDocument {
    /// - Throws: `GoJSON.Failure` for anything that Go does not read as JSON, and for two members of one field;
    ///   `DecodingError` for a member of another type than its field.
    init(go bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(
            Self.self, from: Data(try GoJSON.canonical(bytes, as: Self.shape)))
    }
}

extension Array: GoDocument where Element: GoDocument {
    static var shape: GoJSON.Shape { .list(Element.shape) }
}

extension Platform {
    static let shape = GoJSON.Shape.fields([
        "architecture": .text, "os": .text, "variant": .text, "os.version": .text,
        "os.features": .list(.text),
    ])
}

extension Descriptor {
    static let shape = GoJSON.Shape.fields([
        "mediaType": .text, "digest": .text, "size": .integer, "platform": Platform.shape,
        "annotations": .map(.text),
        "artifactType": .text, "urls": .list(.text),
    ])
}

extension ImageLayout: GoDocument {
    static let shape = GoJSON.Shape.fields(["imageLayoutVersion": .text])
}

extension ImageIndex: GoDocument {
    static let shape = GoJSON.Shape.fields([
        "schemaVersion": .integer, "mediaType": .text, "manifests": .list(Descriptor.shape),
        "annotations": .map(.text),
        "config": .fields([:]), "layers": .list(.fields([:])),
    ])
}

extension ImageManifest: GoDocument {
    static let shape = GoJSON.Shape.fields([
        "schemaVersion": .integer, "mediaType": .text, "artifactType": .text,
        "config": Descriptor.shape,
        "layers": .list(Descriptor.shape), "subject": Descriptor.shape, "annotations": .map(.text),
        "manifests": .list(.fields([:])),
    ])
}

extension ImageConfig: GoDocument {
    static let shape = GoJSON.Shape.fields([
        "architecture": .text, "os": .text, "variant": .text, "created": .text, "author": .text,
        "config": .fields([
            "User": .text, "Env": .list(.text), "Entrypoint": .list(.text), "Cmd": .list(.text),
            "WorkingDir": .text,
            "Labels": .map(.text), "Volumes": .map(.fields([:])), "ExposedPorts": .map(.fields([:])),
            "StopSignal": .text,
        ]),
        "rootfs": .fields(["type": .text, "diff_ids": .list(.text)]),
        "history": .list(
            .fields([
                "created_by": .text, "empty_layer": .flag, "created": .text, "author": .text,
                "comment": .text,
            ])),
    ])
}

extension DockerInspection.Entry: GoDocument {
    static let shape = GoJSON.Shape.fields([
        "Config": .text, "Layers": .list(.text), "RepoTags": .list(.text),
    ])
}
