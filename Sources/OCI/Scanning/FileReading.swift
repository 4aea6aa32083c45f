import Archive
import ELF

/// Finds out what a file is by its contents. Reads no more than needed.
struct FileReading {
    /// The most of a decompressed kernel module that is read, in bytes. The headers of none are longer.
    private static let mostOfModule: UInt64 = 16 << 20
    private static let compressedModule: [[UInt8]] = [".ko.gz", ".ko.xz", ".ko.zst"].map { Array($0.utf8) }

    private let contents: any ByteSource
    private let size: UInt64
    private let path: EntryPath
    private let isExecutable: Bool
    private let limits: ArchiveLimits
    private let keptBytes: Int
    /// Whether more of the file has to be kept. `facts()` then throws `ArchiveError.Code.overLimit`.
    private(set) var wasShort = false

    /// - Parameters:
    ///   - size: the size of the contents, in bytes.
    ///   - isExecutable: whether somebody may execute the file.
    ///   - keptBytes: how much of an ELF file's beginning is kept, in bytes.
    init(
        _ contents: any ByteSource, size: UInt64, path: EntryPath, isExecutable: Bool, limits: ArchiveLimits,
        keptBytes: Int = ELFStream.mostKept
    ) {
        self.contents = contents
        self.size = size
        self.path = path
        self.isExecutable = isExecutable
        self.limits = limits
        self.keptBytes = keptBytes
    }

    mutating func facts() throws(ArchiveError) -> FileFacts? {
        guard Self.compressedModule.contains(where: { path.bytes.suffix($0.count).elementsEqual($0) }) else {
            return try facts(of: contents, size: size)
        }
        // A file of that name that is no compressed module is no fault of the layer, and shows no machine.
        var limits = limits
        limits.bytes = min(limits.bytes, Self.mostOfModule)
        do throws(ArchiveError) {
            return try facts(of: try DecompressedSource(contents, limits: limits), size: Self.mostOfModule)
        } catch {
            if error.code == .io { throw error }
            return nil
        }
    }

    private mutating func facts(of contents: any ByteSource, size: UInt64) throws(ArchiveError) -> FileFacts? {
        let peeked = try PeekedSource(contents, count: ScriptLine.bufferSize)
        let head = peeked.head
        if head.starts(with: ELFHeader.magic) { return try elf(peeked, size: size) }
        if var script = ScriptLine.facts(head) {
            if NativePlaces.isCodeArchive(path.name) || ScriptLine.isBeforeArchive(head) {
                script.archive = try CodeArchive.facts(peeked, name: path.name[...], afterScript: true, limits: limits)
            }
            return .script(script)
        }
        if head.starts(with: StaticLibrary.magic) {
            return .library(try StaticLibrary(peeked).members())
        }
        if head.starts(with: ZipReader.magic), NativePlaces.isCodeArchive(path.name) {
            return try CodeArchive.facts(peeked, name: path.name[...], limits: limits).map { .codeArchive($0) }
        }
        if NativePlaces.isLibrary(path.name), ScriptLine.isLFSPointer(head) { return .text(.lfsPointer) }
        if let format = try foreignFormat(peeked) { return .foreignFormat(format) }
        return isExecutable ? ScriptLine.text(in: head).map { .text($0) } : nil
    }

    /// The format, if such a file would be loaded or executed. Other files are data.
    private func foreignFormat(_ contents: PeekedSource) throws(ArchiveError) -> ForeignFormat? {
        let isLibrary = NativePlaces.isLibrary(path.name) || NativePlaces.isModuleOfOther(path.name)
        guard isLibrary || (isExecutable && !NativePlaces.ends(path.name, ".dll")) else { return nil }
        guard ForeignFormat.mayBe(contents.head) else { return ForeignFormat(contents.head, mayBeObject: isLibrary) }
        return ForeignFormat(try PeekedSource(contents, count: ForeignFormat.headSize).head, mayBeObject: false)
    }

    private mutating func elf(_ contents: PeekedSource, size: UInt64) throws(ArchiveError) -> FileFacts {
        let header: ELFHeader
        do throws(ELFError) {
            header = try ELFHeader(prefix: contents.head)
        } catch {
            return .brokenELF(error)
        }
        var facts = ELFFacts(target: header.target, type: header.type)
        guard header.type == .executable || header.type == .shared else { return .elf(facts) }
        var source: any ByteSource = contents
        if header.type == .shared, LoaderFacts.mayBeLoader(path.name), size <= LoaderFacts.mostBytes {
            let bytes = try source.readAll(limit: Int(LoaderFacts.mostBytes))
            facts.loader = LoaderFacts(bytes)
            source = MemorySource(bytes, name: contents.name)
        }
        if ExecvpSearch.mayBeEnv(path.name), size <= LoaderFacts.mostBytes {
            let bytes = try source.readAll(limit: Int(LoaderFacts.mostBytes))
            facts.searchLibrary = ExecvpSearch.Library(bytes)
            source = MemorySource(bytes, name: contents.name)
        }
        let stream = ELFStream(source, size: size, keeping: keptBytes)
        defer { wasShort = stream.wasShort }
        facts.interpreter = try stream.interpreter(header)
        facts.dynamic = try stream.dynamic(header)
        facts.defect = stream.defect(header)
        facts.otherSystem = stream.otherSystem(header)
        facts.loadAlignment = stream.loadAlignment
        return .elf(facts)
    }
}
