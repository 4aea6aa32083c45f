import FoundationEssentials

/// A document that container engines decode with Go's `encoding/json`.
protocol GoDocument: Decodable {
    /// The form of the document: every member that an engine decodes, for one of another type is refused, used or not.
    static var shape: GoJSON.Shape { get }
}

extension GoDocument {
    /// - Throws: `GoJSON.Failure` for anything that Go does not read as JSON, and for two members of one field;
    ///   `GoJSON.Mismatch` for a member of another type than its field; `DecodingError` for one that is missing.
    init(go bytes: [UInt8]) throws {
        let (document, mismatch) = try GoJSON.read(bytes, as: Self.shape)
        if let mismatch { throw mismatch }
        self = try JSONDecoder().decode(Self.self, from: Data(document))
    }

    /// Reads what can be read, for recognising a document.
    init(leniently bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(try GoJSON.canonical(bytes, as: Self.shape)))
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
        "annotations": .map(.text), "artifactType": .text, "urls": .list(.text), "data": .bytes,
    ])
}

extension ImageLayout: GoDocument {
    static let shape = GoJSON.Shape.fields(["imageLayoutVersion": .text])
}

extension ImageIndex: GoDocument {
    static let shape = GoJSON.Shape.fields([
        "schemaVersion": .integer, "mediaType": .text, "artifactType": .text, "manifests": .list(Descriptor.shape),
        "subject": Descriptor.shape, "annotations": .map(.text), "config": .presence, "layers": .presence,
        "fsLayers": .presence, "history": .presence,
    ])
}

extension ImageManifest: GoDocument {
    static let shape = GoJSON.Shape.fields([
        "schemaVersion": .integer, "mediaType": .text, "artifactType": .text, "config": Descriptor.shape,
        "layers": .list(Descriptor.shape), "subject": Descriptor.shape, "annotations": .map(.text),
        "manifests": .presence, "fsLayers": .presence, "history": .presence,
    ])
}

extension ImageConfig: GoDocument {
    /// podman decodes each configuration twice: as OCI's, and as Docker's, for what OCI's does not have.
    ///
    /// Source: `Image` in <https://github.com/opencontainers/image-spec/blob/main/specs-go/v1/config.go>,
    /// `Schema2V1Image` in <https://github.com/containers/image/blob/main/manifest/docker_schema2.go>
    static let shape = GoJSON.Shape.fields([
        "architecture": .text, "os": .text, "variant": .text, "os.version": .text, "os.features": .list(.text),
        "created": .time, "author": .text,
        "config": .fields(
            docker.merging(
                [
                    "Env": .list(.text), "Entrypoint": .list(.text), "Cmd": .list(.text),
                ], uniquingKeysWith: { $1 })),
        "rootfs": .fields(["type": .text, "diff_ids": .list(.text)]),
        "history": .list(
            .fields([
                "created_by": .text, "empty_layer": .flag, "created": .time, "author": .text, "comment": .text,
            ])),
        "id": .text, "parent": .text, "comment": .text, "container": .text, "docker_version": .text,
        "Size": .integer, "container_config": .fields(docker),
    ])

    private static let docker: [String: GoJSON.Shape] = [
        "Hostname": .text, "Domainname": .text, "User": .text, "AttachStdin": .flag, "AttachStdout": .flag,
        "AttachStderr": .flag, "ExposedPorts": .map(.fields([:])), "Tty": .flag, "OpenStdin": .flag,
        "StdinOnce": .flag, "Env": .list(.text), "Cmd": .words,
        "Healthcheck": .fields([
            "Test": .list(.text), "StartPeriod": .integer, "StartInterval": .integer, "Interval": .integer,
            "Timeout": .integer, "Retries": .integer,
        ]),
        "ArgsEscaped": .flag, "Image": .text, "Volumes": .map(.fields([:])), "WorkingDir": .text,
        "Entrypoint": .words, "NetworkDisabled": .flag, "MacAddress": .text, "OnBuild": .list(.text),
        "Labels": .map(.text), "StopSignal": .text, "StopTimeout": .integer, "Shell": .words,
    ]
}

extension DockerInspection.Entry: GoDocument {
    static let shape = GoJSON.Shape.fields([
        "Config": .text, "Layers": .list(.text), "RepoTags": .list(.text), "Parent": .text,
        "LayerSources": .map(Descriptor.shape),
    ])
}
