/// A component of a path, taken apart into words for a platform (`linux`, `x64`, `musl`) and the rest.
///
/// Programs that carry native code for several platforms choose by such words: `prebuilds/linux-x64/x.node`,
/// `libepoll_x86_64.so`, `linux/x64`, `race_linux_amd64.syso`.
struct PlatformWords {
    /// The words that are not for a platform, with a blank behind each. Equal for the same thing for two platforms.
    private(set) var rest = ""
    /// The architectures that are named, as Go's `GOARCH`.
    private(set) var architectures: Set<String> = []
    /// Whether Linux, one of its distributions or C libraries is named.
    private(set) var namesLinux = false
    /// Whether it is a triplet of GNU: `x86_64-linux-gnu`. Distributions have such directories for the libraries of a
    /// foreign architecture; no program chooses among them.
    private(set) var isTriplet = false

    init(_ name: some Sequence<UInt8>) {
        var text = String(decoding: name.map { $0 >= 0x41 && $0 <= 0x5a ? $0 + 0x20 : $0 }, as: UTF8.self)
        for (spelled, word) in Self.compounds where text.utf8.contains(spelled.utf8.first ?? 0) {
            text = text.replacing(spelled, with: word)
        }
        var isFirstMachine = false
        var isLastLibrary = false
        let words = text.utf8.split { byte in
            !(byte >= 0x61 && byte <= 0x7a) && !(byte >= 0x30 && byte <= 0x39) && byte < 0x80
        }
        for (index, bytes) in words.enumerated() {
            let word = String(decoding: bytes, as: UTF8.self)
            isLastLibrary = false
            if let named = Self.parts(of: word) {
                namesLinux = namesLinux || named.isLinux
                architectures.formUnion(named.architectures)
                if index == 0 { isFirstMachine = !named.architectures.isEmpty }
                isLastLibrary = Self.libraries.contains { word.hasPrefix($0) }
            } else {
                rest += word + " "
            }
        }
        isTriplet = isFirstMachine && isLastLibrary && rest.isEmpty
    }

    /// What a word that consists of words for a platform alone names, such as `linuxmusl` or `amd64v1`; nil for another.
    private static func parts(of word: String) -> (isLinux: Bool, architectures: Set<String>)? {
        var left = word[...]
        var isLinux = false
        var architectures: Set<String> = []
        while !left.isEmpty {
            if let name = systems.first(where: left.hasPrefix) {
                isLinux = true
                left = left.dropFirst(name.count)
            } else if let (name, architecture) = machines.first(where: { left.hasPrefix($0.0) }) {
                architectures.insert(architecture)
                left = left.dropFirst(name.count)
                // A level of the architecture, as `GOAMD64` has them.
                if left.first == "v", left.count == 2, left.last?.isNumber == true { left = "" }
            } else {
                return nil
            }
        }
        return (isLinux, architectures)
    }

    /// Words with a separator in them.
    private static let compounds = [
        ("x86_64", "amd64"), ("x86-64", "amd64"), ("aarch_64", "arm64"), ("x86_32", "386"), ("x86-32", "386"),
        ("ppcle_64", "ppc64le"),
    ]
    private static let libraries = ["gnu", "glibc", "musl"]
    /// Longer words before their beginnings.
    private static let systems = [
        "gnueabihf", "gnueabi", "musleabihf", "musleabi", "linux", "gnu", "glibc", "musl", "debian", "rhel",
    ]
    private static let machines = [
        ("aarch64", "arm64"), ("arm64", "arm64"), ("armv8", "arm64"), ("amd64", "amd64"), ("x8664", "amd64"),
        ("x64", "amd64"), ("armv7l", "arm"), ("armv7", "arm"), ("armv6", "arm"), ("armhf", "arm"), ("armel", "arm"),
        ("arm", "arm"), ("x86", "386"), ("ia32", "386"), ("i386", "386"), ("i586", "386"), ("i686", "386"),
        ("386", "386"), ("s390x", "s390x"), ("ppc64le", "ppc64le"), ("ppc64el", "ppc64le"), ("ppcle64", "ppc64le"),
        ("ppc64", "ppc64"), ("riscv64", "riscv64"), ("loongarch64", "loong64"),
        ("loong64", "loong64"), ("mips64le", "mips64le"), ("mips64", "mips64"),
    ]
}
