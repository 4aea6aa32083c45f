import Findings

/// Probes of one image by venue. Many probes are summed up by group: those with equal results in all venues share a
/// row.
struct ProbeMatrix {
    /// One matrix for each image of a report: probes of the same name in different images are different.
    static func all(of report: ReportDocument) -> [ProbeMatrix] {
        let probes = report.checks.filter { $0.isOf(.probe) }
        let names = probes.map { [$0.platform, $0.image] }.uniqued()
        let groups = Dictionary(grouping: probes) { [$0.platform, $0.image] }
        return names.map { name in
            var matrix = ProbeMatrix(groups[name] ?? [])
            if (report.platforms?.count ?? 0) > 1 { matrix.platform = name[0] }
            return matrix
        }
    }

    let checks: [ReportDocument.Check]
    let venues: [String]
    /// The platform of the probes, where a report is of several.
    private var platform: String?
    private let byCell: [String: ReportDocument.Check]

    init(_ checks: [ReportDocument.Check]) {
        self.checks = checks
        venues = checks.compactMap(\.venue).uniqued()
        byCell = Dictionary(checks.map { ($0.reference, $0) }) { first, _ in first }
    }

    var title: String {
        "Probes" + (platform.map { " for \($0)" } ?? "") + (checks.first?.image.map { " in image \($0)" } ?? "")
    }

    /// One or several probes, with one cell for each venue, and notes.
    struct Row {
        var title: String
        var cells: [Cell]
        var notes: [String]
    }

    struct Cell: Hashable {
        var outcome: Outcome?
        var duration: Duration
    }

    /// Up to this number every probe has its own row.
    private static let few = 16

    /// A row for each probe.
    var each: [Row] { checks.map(\.id).uniqued().map { row($0, [$0]) } }

    var rows: [Row] {
        let ids = checks.map(\.id).uniqued()
        guard ids.count > Self.few else { return ids.map { row($0, [$0]) } }
        var rows: [Row] = []
        let groups = Dictionary(grouping: ids, by: Self.group)
        for group in ids.map(Self.group).uniqued() {
            let members = groups[group] ?? []
            let byFate = Dictionary(grouping: members, by: fate)
            for fate in members.map(fate).uniqued() {
                let same = byFate[fate] ?? []
                let title = same.count == 1 ? same[0] : "\(group) (\(same.count))"
                rows.append(row(title, same))
            }
        }
        return merged(rows)
    }

    /// Merges all rows into one if every group has the same outcome and notes, and not all passed.
    private func merged(_ rows: [Row]) -> [Row] {
        let fates = rows.map { [$0.cells.map { $0.outcome?.rawValue ?? "" }, $0.notes] }.uniqued()
        guard fates.count == 1, rows.count > 1, rows[0].cells.contains(where: { $0.outcome != .pass }) else {
            return rows
        }
        let ids = checks.map(\.id).uniqued()
        return [row("all \(ids.count) probes", ids)]
    }

    private func row(_ title: String, _ ids: [String]) -> Row {
        let cells = venues.map { venue in
            let members = ids.compactMap { byCell["\($0)@\(venue)"] }
            return Cell(
                outcome: members.first?.outcome, duration: members.map(\.duration).reduce(.zero, +))
        }
        let notes = ids.flatMap { id in
            venues.compactMap { byCell["\(id)@\($0)"] }.map(\.detail).filter { !$0.isEmpty }
        }
        return Row(title: title, cells: cells, notes: notes.uniqued())
    }

    /// Probes of a group with equal values share a row.
    private func fate(_ id: String) -> [String] {
        venues.map { venue in
            byCell["\(id)@\(venue)"].map { $0.outcome == .pass ? "pass" : "\($0.outcome.rawValue) \($0.detail)" } ?? ""
        }
    }

    private static func group(_ id: String) -> String {
        id.firstIndex(of: ".").map { String(id[..<$0]) } ?? id
    }
}

extension Array where Element: Hashable {
    /// The elements without repetitions, in order.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
