/// What a platform's name stands for, as builders write it: `linux/riscv64`, `linux/amd64/v2`, or without the system.
/// Names are normalized as `PlatformRules` have it.
public enum NamedPlatform: Sendable, Equatable {
    case guest(Guest)
    /// An architecture that is known, in a variant that only some of its processors have.
    case variant(of: Guest, String)
    case unknown

    public init(_ text: String) {
        var words = text.lowercased().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if words.count > 1, words.first == "linux" { words.removeFirst() }
        self = .unknown
        guard (1...2).contains(words.count), !words.contains("") else { return }
        var (architecture, variant) = PlatformRules.normalized(words[0], nil)
        guard let guest = Guest.all.first(where: { $0.architecture == architecture }) else { return }
        let variants = PlatformRules.variants(of: architecture) ?? []
        if words.count > 1 {
            guard !variants.isEmpty else { return }
            (architecture, variant) = PlatformRules.normalized(architecture, words[1])
        }
        if variant == guest.variant {
            self = .guest(guest)
        } else if let variant, variants.contains(variant) {
            self = .variant(of: guest, variant)
        }
    }
}
