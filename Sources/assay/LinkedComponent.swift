import Archive
import CProvenance
import Files
import FoundationEssentials
import HistoryStore
import ScenarioFormat

/// A library, or a family of libraries, that is linked into the release program: an entry of `Licenses/components.json`.
struct LinkedComponent: Decodable {
    let name: String
    /// An SPDX licence expression: <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions>.
    let license: String
    /// The archives that the linker takes it from; none for what is built with the program.
    let libraries: [String]
    /// Names of the licence's texts.
    let texts: [String]
    /// Where its source is.
    let source: String
    /// What else there is to know; mostly empty.
    let about: String
    /// Its identity in `Package.resolved`.
    let pin: String?

    /// All of them.
    ///
    /// - Throws: `DecodingError` if this program was built with an invalid list.
    static var all: [LinkedComponent] {
        get throws { try JSONDecoder().decode([LinkedComponent].self, from: Data(assay_license_components)) }
    }

    /// The version that is in this very program; nil if it cannot tell.
    func version(_ versions: [String: String]) -> String? { versions[pin ?? name] }

    /// Versions by component: those that the libraries say themselves, and those of the packages that are built with
    /// this program.
    ///
    /// - Throws: `DecodingError`, as `all` does.
    static var versions: [String: String] {
        get throws {
            var versions = try Pins.versions
            for more in [
                ArchiveLibraries.versions, DigestLibrary.versions, DatabaseLibrary.versions, YAMLLibrary.versions,
            ] { versions.merge(more) { _, own in own } }
            versions["glibc"] = String(cString: assay_libc_version())
            return versions
        }
    }
}

/// A licence, word for word.
struct LicenseText {
    let name: String
    let text: String

    static let all: [LicenseText] = {
        var count = 0
        let first = assay_license_texts(&count)
        return UnsafeBufferPointer(start: first, count: count).map {
            LicenseText(name: String(cString: $0.name), text: String($0))
        }
    }()
}

extension Data {
    fileprivate init(_ text: assay_text) { self.init(bytes: text.bytes, count: text.size) }
}

extension String {
    init(_ text: assay_text) {
        self.init(decoding: UnsafeRawBufferPointer(start: text.bytes, count: text.size), as: UTF8.self)
    }
}

/// What this program uses of `Package.resolved`.
private struct Pins: Decodable {
    struct Pin: Decodable {
        struct State: Decodable { let version: String? }
        let identity: String
        let state: State
    }
    let pins: [Pin]

    static var versions: [String: String] {
        get throws {
            let pins = try JSONDecoder().decode(Pins.self, from: Data(assay_package_pins)).pins
            return Dictionary(pins.map { ($0.identity, $0.state.version ?? "") }) { one, _ in one }
        }
    }
}
