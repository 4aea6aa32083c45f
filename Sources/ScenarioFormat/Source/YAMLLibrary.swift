internal import CYAML

/// The library that reads YAML.
public enum YAMLLibrary {
    /// Its version, as it says it itself.
    public static var versions: [String: String] { ["libyaml": String(cString: yaml_get_version_string())] }
}
