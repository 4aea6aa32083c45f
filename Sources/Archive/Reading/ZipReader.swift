import CArchive
import Glibc

/// Reads a ZIP file (`.jar`, `.whl`) member by member, in one pass. Does not use the directory at its end.
///
/// Source: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>
public final class ZipReader {
    /// The four bytes that a ZIP file with members begins with.
    public static let magic: [UInt8] = [0x50, 0x4b, 0x03, 0x04]
    /// The longest name of a member, in bytes.
    private static let longestName = 4096
    /// The size of a member's header without its name and extra field, in bytes.
    private static let headerSize = 30
    /// The longest script before the members, in bytes: many times that of Spring Boot.
    private static let longestScript: UInt64 = 1 << 20

    private let input: ZipInput
    private let limits: ArchiveLimits
    private var member: ZipMember?
    private var count = 0
    /// The next member's header, if it was already read.
    private var found: [UInt8]?
    private let budget = ZipBudget()

    public init(_ source: any ByteSource, limits: ArchiveLimits) {
        input = ZipInput(source)
        self.limits = limits
    }

    /// Skips a script before the members: `zipapp`, PEX and executable archives of Spring Boot begin with one.
    ///
    /// - Returns: whether a member follows.
    /// - Throws: `ArchiveError` if the source fails.
    public func passScript() throws(ArchiveError) -> Bool {
        guard var window = try input.read(Self.headerSize) else { return false }
        while !window.starts(with: Self.magic) {
            let next = window.dropFirst().firstIndex(of: Self.magic[0]) ?? window.endIndex
            guard input.position <= Self.longestScript, let more = try input.read(next) else { return false }
            window = Array(window[next...]) + more
        }
        found = window
        return true
    }

    /// The next member's name and contents; nil at the end. The contents are valid until the next call.
    ///
    /// - Throws: `ArchiveError`, also for a compression that Assay does not read.
    public func next() throws(ArchiveError) -> (name: [UInt8], contents: any ByteSource)? {
        if let member {
            try member.drain()
            try member.passDescriptor()
        }
        member = nil
        guard let header = try header() else {
            // An empty archive has only the end of a directory, which is shorter than a header.
            guard count == 0 else { throw input.corrupt("another member or the directory") }
            return nil
        }
        guard header.starts(with: Self.magic) else {
            // The directory, or only its end if it is empty.
            let isEnd = [[0x50, 0x4b, 0x01, 0x02], [0x50, 0x4b, 0x05, 0x06], [0x50, 0x4b, 0x06, 0x06]]
                .contains { header.starts(with: $0 as [UInt8]) }
            guard isEnd else { throw input.corrupt("another member or the directory") }
            return nil
        }
        count += 1
        guard count <= limits.entries else {
            throw ArchiveError(
                .overLimit, archive: input.name, expected: "at most \(limits.entries) members (--limit entries=N)",
                found: "more")
        }
        func number(_ offset: Int, _ size: Int) -> UInt64 {
            header[offset..<offset + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        let (flags, method) = (number(6, 2), number(8, 2))
        let nameSize = Int(number(26, 2))
        guard nameSize <= Self.longestName, let name = try input.read(nameSize),
            let extra = try input.read(Int(number(28, 2)))
        else { throw input.corrupt("a member's name") }
        guard flags & 1 == 0 else { throw input.notRead("an encrypted member") }
        guard method == 0 || method == 8 else { throw input.notRead("members compressed by method \(method)") }
        var size = number(18, 4)
        let isWide = size == UInt64(UInt32.max) || Self.hasWideSizes(extra)
        if size == UInt64(UInt32.max) {
            guard let wide = Self.wideSize(extra, uncompressedToo: number(22, 4) == UInt64(UInt32.max)) else {
                throw input.corrupt("a ZIP64 size")
            }
            size = wide
        }
        let hasDescriptor = flags & 8 != 0
        guard method == 8 || !hasDescriptor || size > 0 || name.last == UInt8(ascii: "/") else {
            throw input.notRead("a stored member of unknown size")
        }
        let member = try ZipMember(
            input, size: hasDescriptor && size == 0 ? nil : size, isDeflated: method == 8,
            descriptor: hasDescriptor ? (isWide ? 20 : 12) : nil, limits: limits, budget: budget)
        self.member = member
        return (name, member)
    }

    private func header() throws(ArchiveError) -> [UInt8]? {
        guard let found else { return try input.read(Self.headerSize) }
        self.found = nil
        return found
    }

    private static func hasWideSizes(_ extra: [UInt8]) -> Bool { field(1, in: extra) != nil }

    private static func wideSize(_ extra: [UInt8], uncompressedToo: Bool) -> UInt64? {
        guard let field = field(1, in: extra) else { return nil }
        let bytes = field.dropFirst(uncompressedToo ? 8 : 0).prefix(8)
        return bytes.count == 8 ? bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } : nil
    }

    private static func field(_ id: UInt16, in extra: [UInt8]) -> ArraySlice<UInt8>? {
        var rest = extra[...]
        while rest.count >= 4 {
            let head = Array(rest.prefix(4))
            let size = Int(head[2]) | Int(head[3]) << 8
            if UInt16(head[0]) | UInt16(head[1]) << 8 == id { return rest.dropFirst(4).prefix(size) }
            rest = rest.dropFirst(4 + size)
        }
        return nil
    }
}

/// Counts the bytes that the members of one ZIP file have given.
private final class ZipBudget {
    var bytes: UInt64 = 0
}

/// The bytes of a ZIP file.
private final class ZipInput {
    private let source: any ByteSource
    private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)
    private(set) var position: UInt64 = 0

    var name: String { source.name }

    init(_ source: any ByteSource) { self.source = source }

    /// The next bytes; nil if there are not as many.
    func read(_ count: Int) throws(ArchiveError) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = try available(UInt64(count - bytes.count))
            guard !part.isEmpty else { return nil }
            bytes += part
            take(part.count)
        }
        return bytes
    }

    /// The next bytes, at most `most`, without taking them; empty at the end.
    func available(_ most: UInt64) throws(ArchiveError) -> UnsafeRawBufferPointer {
        if chunk.isEmpty { chunk = try source.nextChunk() }
        return UnsafeRawBufferPointer(rebasing: chunk.prefix(Int(min(most, UInt64(chunk.count)))))
    }

    func take(_ count: Int) {
        chunk = UnsafeRawBufferPointer(rebasing: chunk[count...])
        position += UInt64(count)
    }

    func corrupt(_ expected: String) -> ArchiveError {
        ArchiveError(.corrupt, archive: name, expected: expected, found: "other bytes, or the end")
    }

    func notRead(_ found: String) -> ArchiveError {
        ArchiveError(.notRead, archive: name, expected: "members that are stored or deflated", found: found)
    }
}

/// The contents of one member.
private final class ZipMember: ByteSource {
    private static let chunk = 64 << 10

    private let input: ZipInput
    private let limits: ArchiveLimits
    private let budget: ZipBudget
    /// How many compressed bytes are left; nil if only the stream shows its end.
    private var rest: UInt64?
    /// The size of the data descriptor after the contents, without its signature, in bytes; nil if there is none.
    private let descriptor: Int?
    private let stream: UnsafeMutablePointer<z_stream>?
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    private var ended = false
    private var failure: ArchiveError?

    var name: String { input.name }

    init(
        _ input: ZipInput, size: UInt64?, isDeflated: Bool, descriptor: Int?, limits: ArchiveLimits, budget: ZipBudget
    ) throws(ArchiveError) {
        self.input = input
        rest = size
        self.descriptor = descriptor
        self.limits = limits
        self.budget = budget
        guard isDeflated else {
            stream = nil
            if size == nil { ended = true }
            return
        }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.stream = stream
        guard inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ArchiveError(archive: input.name, doing: "set up the decoder", errno: ENOMEM)
        }
    }

    deinit {
        output.deallocate()
        guard let stream else { return }
        inflateEnd(stream)
        stream.deallocate()
    }

    func nextChunk() throws(ArchiveError) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        do throws(ArchiveError) {
            guard let stream else { return try stored() }
            return try inflated(stream)
        } catch {
            failure = error
            throw error
        }
    }

    /// Skips what is left. Does not inflate it if its size is known.
    func drain() throws(ArchiveError) {
        if let failure { throw failure }
        if stream == nil || rest != nil {
            while let left = rest, left > 0 {
                let part = try input.available(left)
                guard !part.isEmpty else { throw input.corrupt("a member's contents") }
                input.take(part.count)
                rest = left - UInt64(part.count)
            }
        } else {
            while try !nextChunk().isEmpty {}
        }
        ended = true
    }

    /// Skips the data descriptor, which repeats sizes that the header did not know. Its signature may be missing.
    func passDescriptor() throws(ArchiveError) {
        guard let descriptor, let head = try input.read(4) else { return }
        let isSigned = head == [0x50, 0x4b, 0x07, 0x08]
        _ = try input.read(isSigned ? descriptor : descriptor - 4)
    }

    private func stored() throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard !ended, let left = rest, left > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let part = try input.available(min(left, UInt64(Self.chunk)))
        guard !part.isEmpty else { throw input.corrupt("a member's contents") }
        output.copyMemory(from: part)
        input.take(part.count)
        rest = left - UInt64(part.count)
        return UnsafeRawBufferPointer(rebasing: output[..<part.count])
    }

    private func inflated(_ stream: UnsafeMutablePointer<z_stream>) throws(ArchiveError) -> UnsafeRawBufferPointer {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        while !ended, Int(stream.pointee.avail_out) == output.count {
            let part = try input.available(rest ?? .max)
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: part.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(part.count)
            let result = inflate(stream, Z_NO_FLUSH)
            let taken = part.count - Int(stream.pointee.avail_in)
            input.take(taken)
            rest = rest.map { $0 - UInt64(taken) }
            switch result {
            case Z_OK where !part.isEmpty || Int(stream.pointee.avail_out) < output.count: break
            case Z_STREAM_END: ended = true
            case Z_MEM_ERROR: throw ArchiveError(archive: name, doing: "inflate a member", errno: ENOMEM)
            default: throw input.corrupt("a deflated member")
            }
        }
        let count = output.count - Int(stream.pointee.avail_out)
        budget.bytes += UInt64(count)
        guard budget.bytes <= limits.ratioFloor || budget.bytes / max(input.position, 1) <= limits.ratio,
            budget.bytes <= limits.bytes
        else {
            throw ArchiveError(
                .overLimit, archive: name,
                expected: "at most \(limits.ratio) bytes for each compressed byte (--limit ratio=N)",
                found: "\(budget.bytes) bytes from \(input.position)")
        }
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<count])
    }
}
