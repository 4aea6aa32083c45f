/// Versions of QEMU's user mode that fail in ways that builds meet. Data: add a row with its source.
struct KnownBadVersion {
    /// The first bad version, and the first good one after it: `from <= version < mended`.
    var from: [Int]
    var mended: [Int]
    var symptom: String
    var source: String

    static let all = [
        KnownBadVersion(
            from: [5, 1], mended: [5, 2, 1],
            symptom: "segmentation faults of programs started in a chroot, which is how BuildKit tests a platform",
            source: "https://github.com/docker/buildx/issues/542"),
        KnownBadVersion(
            from: [0], mended: [7, 2],
            symptom: "close_range and closefrom misbehave: Python 3.13's subprocess returns 127",
            source: "https://github.com/python/cpython/issues/129204"),
        KnownBadVersion(
            from: [8, 0], mended: [8, 1],
            symptom: "brk regression: UPX-packed and other programs without a heap segment crash",
            source: "https://gitlab.com/qemu-project/qemu/-/issues/1756"),
    ]

    /// The rows for a version; none for text that is no version.
    static func matching(_ version: String) -> [KnownBadVersion] {
        let numbers = version.split(separator: ".").prefix(3).map { Int($0.prefix { $0.isNumber }) }
        let parsed = numbers.compactMap(\.self)
        guard !parsed.isEmpty, parsed.count == numbers.count else { return [] }
        return all.filter { !parsed.lexicographicallyPrecedes($0.from) && parsed.lexicographicallyPrecedes($0.mended) }
    }

    var text: String {
        "\(Self.dotted(from)) up to \(Self.dotted(mended)) (excluded): \(symptom); \(source)"
    }

    private static func dotted(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ".") }
}
