/// Options for builders' command lines, `NAME=VALUE`.
public struct BuilderOptions: Sendable, Equatable {
    /// A word that is no option, or an option that does not exist.
    public struct Unknown: Error, CustomStringConvertible {
        public let description: String
    }

    /// How `buildctl` reaches a daemon that wants TLS: <https://github.com/moby/buildkit#expose-buildkit-as-a-tcp-service>.
    private static let tls = ["tlsdir", "tlscacert", "tlscert", "tlskey", "tlsservername"]
    /// All that there are, for people.
    public static var names: String { tls.joined(separator: ", ") }

    private var values: [String: String] = [:]

    public init() {}

    /// - Throws: `Unknown`.
    public init(_ words: [String]) throws(Unknown) {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw Unknown(description: "expected NAME=VALUE, found \"\(word)\"") }
            guard Self.tls.contains(String(parts[0])) else {
                throw Unknown(description: "there is no builder option \"\(parts[0])\": \(Self.names)")
            }
            values[String(parts[0])] = String(parts[1])
        }
        if values["tlsdir"] != nil, ["tlscacert", "tlscert", "tlskey"].contains(where: { values[$0] != nil }) {
            throw Unknown(description: "tlsdir names the directory of all three files: give it, or the files")
        }
    }

    /// buildctl's own words for them.
    var buildctlWords: [String] {
        Self.tls.flatMap { name in values[name].map { ["--\(name)", $0] } ?? [] }
    }
}
