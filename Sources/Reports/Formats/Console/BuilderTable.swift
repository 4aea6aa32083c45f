/// Builders side by side: the platforms that each lists, and those that an executed step proved.
struct BuilderTable {
    let builders: [ReportDocument.Builder]

    init(_ builders: [ReportDocument.Builder]) { self.builders = builders }

    static let header = ["", "version", "driver", "one go", "declared", "detected", "proven"]

    var lines: [String] {
        Table(
            [Self.header]
                + builders.map { builder in
                    let start = [builder.name, builder.version, builder.driver ?? ""]
                    if let obstacle = builder.obstacle { return start + ["", "", "", obstacle] }
                    return start + [
                        builder.buildsInOneGo ? "yes" : "no", Self.words(builder.declared), Self.detected(builder),
                        Self.words(builder.proven),
                    ]
                }
        ).lines
    }

    static func detected(_ builder: ReportDocument.Builder) -> String {
        builder.declared.isEmpty && builder.detected.isEmpty ? "lists none" : words(builder.detected)
    }

    static func words(_ platforms: [String]) -> String {
        platforms.isEmpty ? "-" : platforms.joined(separator: " ")
    }
}
