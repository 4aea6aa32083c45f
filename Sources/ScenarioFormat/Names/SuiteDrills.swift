public import Findings

/// The drills that scenarios may name, decoded once.
public enum SuiteDrills {
    private static let all = Result { try Drill.all() }

    public static var names: [String] { (try? all.get().map(\.name)) ?? [] }

    /// - Throws: `UnknownName`.
    public static func named(_ name: String) throws -> Drill {
        let known = try all.get()
        guard let drill = known.first(where: { $0.name == name }) else {
            throw UnknownName(kind: "drill", name: name, known: known.map(\.name))
        }
        return drill
    }
}
