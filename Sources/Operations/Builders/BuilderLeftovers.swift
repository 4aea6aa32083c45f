public import Builders
import SystemPackage

/// `assay builders --clean`: removes what killed runs left in builders' storages and daemons.
public struct BuilderLeftovers: Sendable {
    /// Words of `--builder`; empty: all that are installed.
    public var names: [String]
    public var settings: Settings

    public init(names: [String], settings: Settings) {
        self.names = names
        self.settings = settings
    }

    /// - Returns: each builder's name, and what was found there.
    /// - Throws: `UnknownName` for a builder.
    public func remove(in workspace: Workspace) throws -> [(builder: String, found: LeftoverSearch)] {
        try BuilderCatalogue.named(names, with: settings.builderOptions)
            .filter { $0.isInstalled || !names.isEmpty }
            .map { ($0.name, $0.removeLeftovers(in: workspace.scratch)) }
    }
}
