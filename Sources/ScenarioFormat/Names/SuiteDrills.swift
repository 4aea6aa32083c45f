public import Findings
public import Guest

/// The drills that scenarios may name, decoded once.
public enum SuiteDrills {
    private static let all = Result { try Drill.all() }

    public static var names: [String] { (try? all.get().map(\.name)) ?? [] }

    /// - Parameter guest: whose names stand in it.
    /// - Throws: `UnknownName`.
    public static func named(_ name: String, for guest: Guest) throws -> Drill {
        let known = guest.isStandard ? try all.get() : try Drill.all(for: guest)
        guard let drill = known.first(where: { $0.name == name }) else {
            throw UnknownName(kind: "drill", name: name, known: known.map(\.name))
        }
        return drill
    }
}
