import Glibc

/// What uname(2) says of this host.
public enum KernelNames {
    /// The kernel's release, such as `6.1.0-50-cloud-amd64`.
    public static var release: String { text(\.release) }
    /// The machine's name, such as `x86_64`.
    public static var machine: String { text(\.machine) }
    /// The host's name.
    public static var node: String { text(\.nodename) }

    private static func text<Field>(_ field: KeyPath<utsname, Field>) -> String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: names[keyPath: field]) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
