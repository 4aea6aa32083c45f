import Archive
import ELF

/// Finds out what a file is by its contents, reading no more of it than that takes.
struct FileReading {
    /// Linux looks at this much of a script's first line, in bytes.
    private static let longestScriptLine = 256
    /// More than the headers of any kernel module take, in bytes after decompression.
    private static let mostOfModule: UInt64 = 16 << 20
    private static let compressedModule: [[UInt8]] = [".ko.gz", ".ko.xz", ".ko.zst"].map { Array($0.utf8) }

    private let contents: any ByteSource
    private let size: UInt64
    private let path: EntryPath
    private let limits: ArchiveLimits

    /// - Parameter size: of the contents, bytes.
    init(_ contents: any ByteSource, size: UInt64, path: EntryPath, limits: ArchiveLimits) {
        self.contents = contents
        self.size = size
        self.path = path
        self.limits = limits
    }

    func facts() throws(ArchiveError) -> FileFacts? {
        guard Self.compressedModule.contains(where: { path.bytes.suffix($0.count).elementsEqual($0) }) else {
            return try facts(of: contents, size: size)
        }
        // A file of that name which is no compressed module says nothing about machines; it is no fault of the layer.
        var limits = limits
        limits.bytes = min(limits.bytes, Self.mostOfModule)
        do throws(ArchiveError) {
            return try facts(of: try DecompressedSource(contents, limits: limits), size: Self.mostOfModule)
        } catch {
            if error.code == .io { throw error }
            return nil
        }
    }

    private func facts(of contents: any ByteSource, size: UInt64) throws(ArchiveError) -> FileFacts? {
        let peeked = try PeekedSource(contents, count: Self.longestScriptLine)
        let head = peeked.head
        if head.starts(with: ELFHeader.magic) { return try elf(peeked, size: size) }
        if head.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")]) { return Self.script(head) }
        if head.starts(with: StaticLibrary.magic) {
            return .library(try StaticLibrary(peeked).members())
        }
        return nil
    }

    private func elf(_ contents: PeekedSource, size: UInt64) throws(ArchiveError) -> FileFacts {
        let header: ELFHeader
        do throws(ELFError) {
            header = try ELFHeader(prefix: contents.head)
        } catch {
            return .brokenELF(error)
        }
        var facts = ELFFacts(target: header.target, type: header.type)
        guard header.type == .executable || header.type == .shared else { return .elf(facts) }
        let stream = ELFStream(contents, size: size)
        facts.interpreter = try stream.interpreter(header)
        facts.dynamic = try stream.dynamic(header)
        return .elf(facts)
    }

    /// Source: <https://www.man7.org/linux/man-pages/man2/execve.2.html>, "Interpreter scripts"
    private static func script(_ head: [UInt8]) -> FileFacts? {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }.drop(while: isSpace)
        let interpreter = line.prefix { !isSpace($0) && $0 != UInt8(ascii: "\r") }
        guard !interpreter.isEmpty else { return nil }
        var argument = line.dropFirst(interpreter.count).drop(while: isSpace)
        while argument.last.map({ isSpace($0) || $0 == UInt8(ascii: "\r") }) == true { argument.removeLast() }
        return .script(
            ScriptFacts(
                interpreter: String(decoding: interpreter, as: UTF8.self),
                argument: argument.isEmpty ? nil : String(decoding: argument, as: UTF8.self)))
    }
}
