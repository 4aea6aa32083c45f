import Archive

/// What one layer holds, found in one pass over its bytes.
struct LayerScan: Sendable {
    var compression: Compression = .none
    /// Whether the first frame of its zstd is one to be skipped.
    var startsWithSkippableFrame = false
    /// The SHA-256 of the decompressed bytes in hexadecimal; nil if they cannot all be read.
    var diffID: String?
    /// The decompressed size in bytes.
    var size: UInt64 = 0
    var entries = LayerEntries()
    /// The contents of the wanted files.
    var files: [EntryPath: [UInt8]] = [:]
    /// Why the layer could not be read to its end.
    var failure: ArchiveError?
    /// Whether it failed because too little was kept of an ELF file.
    var wasShort = false
    /// What was counted for its names, in bytes.
    fileprivate var nameBytes = 0
}

extension ArchiveLimits {
    /// The most that is kept of all names in an artifact's layers, and of what its files show, in bytes.
    var names: Int { nameBytes ?? min(times(512), 96 << 20) }
    /// The most entries that are applied for all images together, each as often as an image lists its layer. An index
    /// may list any number of images.
    var applications: Int { times(16) }

    private func times(_ factor: Int) -> Int {
        let (product, isHuge) = entries.multipliedReportingOverflow(by: factor)
        return isHuge ? .max : product
    }
}

/// Reads layers.
struct LayerScanner: Sendable {
    /// The most that is kept of a wanted file, in bytes.
    static let mostWantedBytes = 1 << 20
    /// The most that is kept of a file that configures a dynamic linker, in bytes.
    static let mostConfigurationBytes = 4 << 20
    /// The most files that are kept of one layer.
    static let mostFiles = 1024

    let limits: ArchiveLimits
    let wanted: Set<EntryPath>
    private let names = ByteBudget()
    /// Shared by the layers that are decompressed side by side.
    private let windows = WindowPool()
    /// Whether to decompress on a separate thread, beside digest and entries.
    var overlaps = true
    /// How much of an ELF file's beginning is kept, in bytes. Each layer that is read at the same time takes as much.
    var keptBytes = ELFStream.mostKept

    /// Decompresses a layer, computes its digest, and inspects every file in it.
    func scan(_ compressed: any ByteSource) -> LayerScan {
        var scan = LayerScan()
        do throws(ArchiveError) {
            // Engines refuse zeros behind a member of gzip.
            let decompressed = try DecompressedSource(
                compressed, limits: limits, windows: windows, takesPadding: false)
            scan.compression = decompressed.compression
            scan.startsWithSkippableFrame = decompressed.startsWithSkippableFrame
            let ahead = overlaps && decompressed.compression != .none ? try ReadAheadSource(decompressed) : nil
            // The other thread must stop reading before anybody else uses its source.
            defer { ahead?.stop() }
            let measured = MeasuredSource(ahead ?? decompressed)
            // The digest shows whether anything is missing, so no end marker is needed: not every program writes one.
            let reader = try ArchiveReader(measured, limits: limits, requiresEndMarker: false)
            while let entry = try reader.next() {
                try add(entry, from: reader, to: &scan)
            }
            scan.entries.finish()
            try measured.drain()
            scan.diffID = measured.sha256
            scan.size = measured.count
        } catch {
            scan.failure = error
        }
        return scan
    }

    /// Inspects one entry of a layer.
    func add(_ entry: ArchiveEntry, from reader: ArchiveReader, to scan: inout LayerScan) throws(ArchiveError) {
        guard entry.kind == .file, entry.size > 0 else {
            let isEmptyProgram = entry.kind == .file && Self.isExecutable(entry)
            try append(entry, facts: isEmptyProgram ? .text(.empty) : nil, archive: reader.name, to: &scan)
            if entry.kind == .file, isWanted(entry.path) { scan.files[entry.path] = [] }
            return
        }
        try add(entry, contents: reader.contents(of: entry), archive: reader.name, to: &scan)
    }

    /// Inspects one file. Reads no more than needed.
    func add(
        _ entry: ArchiveEntry, contents: any ByteSource, archive: String, to scan: inout LayerScan
    ) throws(ArchiveError) {
        var contents = contents
        if isWanted(entry.path), scan.files.count < Self.mostFiles, entry.size <= mostBytes(of: entry.path) {
            let bytes = try contents.readAll(limit: Self.mostConfigurationBytes)
            scan.files[entry.path] = bytes
            if !wanted.contains(entry.path) { try count(bytes.count, archive: archive, in: &scan) }
            contents = MemorySource(bytes, name: contents.name)
        }
        var reading = FileReading(
            contents, size: entry.size, path: entry.path, isExecutable: Self.isExecutable(entry), limits: limits,
            keptBytes: keptBytes)
        defer { scan.wasShort = reading.wasShort }
        let facts = try reading.facts()
        try append(entry, facts: facts, archive: archive, to: &scan)
    }

    private static func isExecutable(_ entry: ArchiveEntry) -> Bool { entry.mode & 0o111 != 0 }

    private func append(
        _ entry: ArchiveEntry, facts: FileFacts?, archive: String, to scan: inout LayerScan
    ) throws(ArchiveError) {
        let before = scan.entries.byteCount
        try scan.entries.append(entry, facts: facts, archive: archive)
        try count(scan.entries.byteCount - before + (facts?.byteCount ?? 0), archive: archive, in: &scan)
    }

    /// Takes back what a scan has counted, so that its layer can be scanned again.
    func forget(_ scan: LayerScan) { _ = names.count(-scan.nameBytes) }

    private func count(_ bytes: Int, archive: String, in scan: inout LayerScan) throws(ArchiveError) {
        scan.nameBytes += bytes
        guard names.count(bytes) <= limits.names else {
            throw ArchiveError(
                .overLimit, archive: archive,
                expected: "names of at most \(limits.names) bytes in all layers together (--limit names=N)",
                found: "more")
        }
    }

    private func mostBytes(of path: EntryPath) -> UInt64 {
        UInt64(wanted.contains(path) ? Self.mostWantedBytes : Self.mostConfigurationBytes)
    }

    /// Whether a file was asked for, or configures dynamic linkers.
    func isWanted(_ path: EntryPath) -> Bool {
        wanted.contains(path) || LoaderConfiguration.isPart(path)
    }
}
