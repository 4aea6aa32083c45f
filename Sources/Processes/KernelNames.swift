import Glibc

/// What uname(2) says of this host.
public enum KernelNames {
    /// The kernel's release, such as `6.1.0-50-cloud-amd64`.
    public static var release: String { text(\.release) }
    /// The machine's name, such as `x86_64`.
    public static var machine: String { text(\.machine) }
    /// The host's name.
    public static var node: String { text(\.nodename) }

    /// Whether a release is of a kernel before `major.minor`; false for one without numbers.
    public static func isBefore(_ major: Int, _ minor: Int, release: String = KernelNames.release) -> Bool {
        let numbers = release.split(maxSplits: 2) { !$0.isASCII || !$0.isNumber }.prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) < (major, minor)
    }

    private static func text<Field>(_ field: KeyPath<utsname, Field>) -> String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: names[keyPath: field]) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
