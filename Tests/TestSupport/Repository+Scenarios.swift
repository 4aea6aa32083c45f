import FoundationEssentials
import Guest
import Operations
public import Probes
public import ScenarioFormat
import SystemPackage

extension Repository {
    /// The probes of an image; nil if it is not here.
    public static func catalogue(of name: String) throws -> [ProbeDescription]? {
        guard let image = try? SuiteImages.find(name, for: .arm64) else { return nil }
        return try Workspace.temporary(Settings(guest: .arm64)) {
            try ProbeDescription.catalogue(root: $0.root(of: image), image: name)
        }
    }

    /// Reads one scenario from a text.
    public static func scenario(_ text: String) throws -> ScenarioFile {
        try Workspace.temporary(Settings(guest: .arm64)) { workspace in
            let path = workspace.scratch.appending("scenario.yaml").string
            try Data(text.utf8).write(to: URL(filePath: path))
            return try ScenarioFile.load([path]) { _, _ in nil }[0]
        }
    }
}
