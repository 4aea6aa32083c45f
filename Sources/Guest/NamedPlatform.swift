/// What a platform's name stands for, as builders write it: `linux/riscv64`, `linux/amd64/v2`, or without the system.
///
/// Names are normalized as containerd does it: `arm64/v8` is `arm64`, `amd64/v1` is `amd64`.
/// Source: <https://github.com/containerd/platforms/blob/main/database.go>
public enum NamedPlatform: Sendable, Equatable {
    case guest(Guest)
    /// An architecture that is known, in a variant that only some of its processors have.
    case variant(of: Guest, String)
    case unknown

    public init(_ text: String) {
        var words = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if words.count > 1, words.first == "linux" { words.removeFirst() }
        guard (1...2).contains(words.count), let guest = Guest.all.first(where: { $0.isCalled(words[0]) }) else {
            self = .unknown
            return
        }
        let variants = Self.variants[guest.architecture] ?? Variants()
        guard words.count > 1, !variants.usual.contains(words[1]) else {
            self = .guest(guest)
            return
        }
        self = variants.of.contains(words[1]) ? .variant(of: guest, words[1]) : .unknown
    }

    /// An architecture's names besides Go's, and its variants.
    fileprivate struct Variants {
        /// By which kernels and Debian call it; builders take them, too.
        var names: [String] = []
        /// What all of a guest's programs have, and its images are.
        var usual: [String] = []
        /// What only some of its processors have.
        var of: [String] = []
    }

    /// By Go's name.
    fileprivate static let variants = [
        "arm64": Variants(
            names: ["aarch64"], usual: ["8", "v8", "v8.0"],
            of: [
                "v8.1", "v8.2", "v8.3", "v8.4", "v8.5", "v8.6", "v8.7", "v8.8", "v8.9", "v9", "v9.0", "v9.1", "v9.2",
                "v9.3", "v9.4", "v9.5", "v9.6", "v9.7",
            ]),
        "amd64": Variants(names: ["x86_64", "x86-64"], usual: ["v1"], of: ["v2", "v3", "v4"]),
        "arm": Variants(names: ["armhf"], usual: ["7", "v7"], of: ["5", "v5", "6", "v6", "8", "v8"]),
        "386": Variants(names: ["i386", "i686"]),
    ]
}

extension Guest {
    fileprivate func isCalled(_ name: String) -> Bool {
        architecture == name || NamedPlatform.variants[architecture]?.names.contains(name) == true
    }
}
