import Builders
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

    /// - Returns: what was removed, and what could not be, for people.
    /// - Throws: `UnknownName` for a builder.
    public func remove(in workspace: Workspace) throws -> [String] {
        try BuilderCatalogue.named(names, with: settings.builderOptions).filter(\.isInstalled).flatMap {
            $0.removeLeftovers(in: workspace.scratch)
        }
    }
}
