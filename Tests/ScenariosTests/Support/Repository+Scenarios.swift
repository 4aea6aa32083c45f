import FoundationEssentials
import Probes
import SystemPackage
import TestSupport

@testable import Operations
@testable import ScenarioFormat

extension Repository {
    /// The probes of an image, nil where it is not here.
    static func catalogue(of name: String) throws -> [ProbeDescription]? {
        guard let image = try? SuiteImages.find(name) else { return nil }
        return try Workspace.temporary(Settings()) {
            try ProbeDescription.catalogue(root: $0.root(of: image), image: name)
        }
    }

    /// Reads one scenario from a text.
    static func scenario(_ text: String) throws -> ScenarioFile {
        try Workspace.temporary(Settings()) { workspace in
            let path = workspace.scratch.appending("scenario.yaml").string
            try Data(text.utf8).write(to: URL(filePath: path))
            return try ScenarioFile.load([path]) { _ in nil }[0]
        }
    }
}
