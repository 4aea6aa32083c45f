/// A path inside an archive: relative, without `.`, `..`, empty components or NUL. The empty path is the root.
///
/// Paths are bytes, as in Linux; the description decodes them as UTF-8.
public struct EntryPath: Sendable, Hashable {
    /// The components joined by single slashes, without a slash at either end.
    public let bytes: [UInt8]

    public static let root = EntryPath(unchecked: [])

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Why a name is refused.
    public enum Fault: Error, Sendable {
        case empty, absolute, parent, nul

        var description: String {
            switch self {
            case .empty: "an empty name"
            case .absolute: "an absolute path"
            case .parent: "a path that leads out with \"..\""
            case .nul: "a name with a NUL byte"
            }
        }
    }

    /// Checks and normalises a name as archives write it: a leading `./`, doubled and trailing slashes are dropped.
    ///
    /// - Throws: `Fault` for a name that is empty, absolute, has a NUL, or leads out with `..`.
    public init(_ name: some Collection<UInt8>) throws(Fault) {
        let slash = UInt8(ascii: "/")
        guard let first = name.first else { throw .empty }
        guard first != slash else { throw .absolute }
        if let plain = Self.plain(name) {
            bytes = plain
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        for component in name.split(separator: slash) {
            if component.elementsEqual(CollectionOfOne(UInt8(ascii: "."))) { continue }
            if component.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) { throw .parent }
            if component.contains(0) { throw .nul }
            if !bytes.isEmpty { bytes.append(slash) }
            bytes.append(contentsOf: component)
        }
        self.bytes = bytes
    }

    /// Checks and normalises an entry's name, or a hard link's target, as container engines do: a leading slash stands
    /// for the root, and `..` removes the component before it. In an absolute name, `..` at the root stays at the root.
    ///
    /// - Throws: `Fault`, `parent` for a name that leaves the root.
    init(archived name: some Collection<UInt8>) throws(Fault) {
        let slash = UInt8(ascii: "/")
        guard let first = name.first else { throw .empty }
        if let plain = Self.plain(name) {
            bytes = plain
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        for component in name.split(separator: slash) where !component.elementsEqual(".".utf8) {
            if component.elementsEqual("..".utf8) {
                if bytes.isEmpty, first != slash { throw .parent }
                bytes.removeSubrange((bytes.lastIndex(of: slash) ?? 0)...)
                continue
            }
            if component.contains(0) { throw .nul }
            if !bytes.isEmpty { bytes.append(slash) }
            bytes.append(contentsOf: component)
        }
        self.bytes = bytes
    }

    /// The name itself if it is normal already, as most are; nil if pairs of its bytes do not show that.
    private static func plain(_ name: some Collection<UInt8>) -> [UInt8]? {
        let slash = UInt8(ascii: "/")
        let bytes = Array(name)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let first = buffer.first, first != 0, first != UInt8(ascii: "."), first != slash, buffer.last != slash
            else {
                return nil
            }
            // Looks for a slash followed by another one or by a dot. No early exit, so that many bytes are compared at
            // once.
            var found: UInt8 = 0
            for index in 1..<max(1, buffer.count) {
                let byte = buffer[index]
                let isOdd = byte == slash || byte == UInt8(ascii: ".")
                found |= byte == 0 || buffer[index - 1] == slash && isOdd ? 1 : 0
            }
            return found == 0 ? bytes : nil
        }
    }

    /// Hashes the bytes as one run. By default each is hashed on its own.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    public var isRoot: Bool { bytes.isEmpty }

    /// The last component.
    public var name: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }

    /// The path without its last component. The root's parent is the root.
    public var parent: EntryPath {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return .root }
        return EntryPath(unchecked: Array(bytes[..<slash]))
    }

    /// The path of something in this directory.
    ///
    /// - Throws: `Fault`, as `init(_:)`.
    public func appending(_ name: some Collection<UInt8>) throws(Fault) -> EntryPath {
        try EntryPath(isRoot ? Array(name) : bytes + [UInt8(ascii: "/")] + Array(name))
    }

    /// The path that a symbolic link in this directory leads to, or nil if that is outside or the root.
    public func resolving(_ target: [UInt8]) -> EntryPath? {
        guard target.first != UInt8(ascii: "/") else { return nil }
        var components = bytes.split(separator: UInt8(ascii: "/"))
        for component in target.split(separator: UInt8(ascii: "/")) {
            if component.elementsEqual("..".utf8) {
                guard components.popLast() != nil else { return nil }
            } else {
                components.append(component)
            }
        }
        return try? EntryPath(Array(components.joined(separator: [UInt8(ascii: "/")])))
    }
}

extension EntryPath {
    /// The directories on the way to it, the outermost first, and itself.
    var prefixes: [EntryPath] {
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") } + [bytes.count]
        return ends.map { EntryPath(unchecked: Array(bytes[..<$0])) }
    }
}

extension EntryPath: CustomStringConvertible {
    public var description: String {
        isRoot ? "." : String(decoding: bytes, as: UTF8.self)
    }
}
