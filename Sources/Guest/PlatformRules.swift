/// containerd's rules for the names of processors and their variants.
public enum PlatformRules {
    /// The form in which all names for one processor are equal: `arm64/v8` is `arm64`, `arm` is `arm/v7`. The kernel's
    /// names are known, too.
    ///
    /// - Parameters: both in lower case.
    /// Source: <https://github.com/containerd/platforms/blob/main/database.go>
    public static func normalized(
        _ architecture: String, _ variant: String?
    ) -> (architecture: String, variant: String?) {
        switch architecture {
        case "aarch64", "arm64":
            let isUsual = variant == "8" || variant == "v8" || variant == "v8.0"
            return ("arm64", isUsual ? nil : variant)
        case "x86_64", "x86-64", "amd64": return ("amd64", variant == "v1" ? nil : variant)
        case "i386", "i686", "386": return ("386", nil)
        case "armhf": return ("arm", "v7")
        case "armel": return ("arm", "v6")
        case "arm":
            switch variant {
            case nil, "7": return ("arm", "v7")
            case "5", "6", "8": return ("arm", variant.map { "v" + $0 })
            default: return ("arm", variant)
            }
        default: return (architecture, variant)
        }
    }

    /// The variants of an architecture; nil if they are not known.
    ///
    /// Source: <https://github.com/opencontainers/image-spec/blob/main/image-index.md#platform-variants>
    public static func variants(of architecture: String) -> [String]? {
        switch architecture {
        case "arm64":
            ["v8", "v8.1", "v8.2", "v8.3", "v8.4", "v8.5", "v8.6", "v8.7", "v8.8", "v8.9"]
                + ["v9", "v9.0", "v9.1", "v9.2", "v9.3", "v9.4", "v9.5", "v9.6", "v9.7"]
        case "arm": ["v5", "v6", "v7", "v8"]
        case "amd64": ["v1", "v2", "v3", "v4"]
        default: nil
        }
    }
}
