import Guest
public import Operations
import Probes
public import ScenarioFormat

/// Loads the scenario files of a command line, and checks them against the images that are here.
public enum SuiteFiles {
    /// - Throws: `SuiteError` for a path, `ScenarioErrors` for what is wrong in the files.
    public static func load(_ paths: [String], settings: Settings) throws -> [ScenarioFile] {
        let found = try ScenarioFile.find(paths)
        var settings = settings
        // Nobody asked to keep what is unpacked to read a catalogue.
        settings.keep = false
        return try Workspace.temporary(settings) { workspace in
            try ScenarioFile.load(found) { name, platform in
                let guest = Guest(platform: platform) ?? settings.guest
                guard let image = try? SuiteImages.find(name, for: guest),
                    SuiteImages.obstacle(name, for: guest) == nil
                else { return nil }
                return try ProbeDescription.catalogue(root: workspace.root(of: image), image: image.name)
            }
        }
    }
}
