import Findings

/// Builders side by side: which platforms each lists, and which it has proven by running something.
struct BuilderTable {
    /// One builder, whatever it was made to build.
    struct Row {
        var name: String
        var version: String
        var driver: String
        var endpoint: String?
        var nodes: [BuilderNode]
        var buildsInOneGo: Bool
        /// Marked as declared by somebody; nobody looked.
        var declared: [String]
        /// Found by the builder itself.
        var detected: [String]
        /// An executed RUN step has left its proof for this platform.
        var proven: [String]
        /// Why it was not tried.
        var obstacle: String?
    }

    let rows: [Row]

    init(_ builders: [BuilderEvidence]) {
        var rows: [Row] = []
        for evidence in builders {
            if let index = rows.firstIndex(where: { $0.name == evidence.builder }) {
                rows[index].proven = Set(rows[index].proven + evidence.proven).sorted()
                continue
            }
            rows.append(Self.row(evidence))
        }
        self.rows = rows
    }

    private static func row(_ evidence: BuilderEvidence) -> Row {
        let survey = evidence.survey
        var row = Row(
            name: evidence.builder, version: survey.version ?? "", driver: survey.driver ?? "",
            endpoint: survey.endpoint,
            nodes: survey.nodes, buildsInOneGo: survey.buildsInOneGo,
            declared: survey.platforms.filter(\.isDeclared).map(\.name),
            detected: survey.platforms.filter { !$0.isDeclared }.map(\.name), proven: evidence.proven)
        switch evidence.result {
        case .missing: row.obstacle = "not installed"
        case .unusable(let obstacle): row.obstacle = obstacle.reason
        case .built, .failed, .notApplicable, .lost: break
        }
        return row
    }

    var lines: [String] {
        let header = ["", "version", "driver", "one go", "declared", "detected", "proven"]
        return Table(
            [header]
                + rows.map { row in
                    if let obstacle = row.obstacle { return [row.name, row.version, row.driver, "", "", "", obstacle] }
                    return [
                        row.name, row.version, row.driver, row.buildsInOneGo ? "yes" : "no", words(row.declared),
                        row.nodes.allSatisfy(\.platforms.isEmpty) ? "lists none" : words(row.detected),
                        words(row.proven),
                    ]
                }
        ).lines
    }

    private func words(_ platforms: [String]) -> String {
        platforms.isEmpty ? "-" : platforms.joined(separator: " ")
    }
}

/// The same as JSON, see `docs/report.md`.
struct BuilderForm: Encodable {
    struct Node: Encodable {
        var name: String
        var status: String
    }

    var name: String
    var version: String
    var driver: String?
    var endpoint: String?
    var buildsInOneGo: Bool
    var nodes: [Node]
    var declared: [String]
    var detected: [String]
    var proven: [String]
    var obstacle: String?

    enum CodingKeys: String, CodingKey {
        case name, version, driver, endpoint, nodes, declared, detected, proven, obstacle
        case buildsInOneGo = "builds_in_one_go"
    }

    init(_ row: BuilderTable.Row) {
        name = row.name
        version = row.version
        driver = row.driver.isEmpty ? nil : row.driver
        endpoint = row.endpoint
        buildsInOneGo = row.buildsInOneGo
        nodes = row.nodes.map { Node(name: $0.name, status: $0.status) }
        declared = row.declared
        detected = row.detected
        proven = row.proven
        obstacle = row.obstacle
    }
}
