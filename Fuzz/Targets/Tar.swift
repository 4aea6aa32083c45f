import Files
import Glibc
import SystemPackage

@testable import Archive

extension FuzzTarget {
    /// An uncompressed tar: its entries, and its extraction below a directory.
    static let tar = FuzzTarget(name: "tar") { bytes in
        let whole = entries(of: MemorySource(bytes, name: "tar"))
        let pieces = entries(of: PiecewiseSource(bytes, name: "tar"))
        require(whole == pieces, "the same entries, whatever the pieces: \(whole) and \(pieces)")
        try Extraction.shared.extract(bytes)
    }

    /// Any archive, compressed or not: stays within its limits, and reads the same in pieces.
    static let archive = FuzzTarget(name: "archive") { bytes in
        let limits = ArchiveLimits.small
        let count = Result { try DecompressedSource(MemorySource(bytes, name: "archive"), limits: limits).drain() }
        if case .success(let count) = count { require(count <= limits.bytes, "\(count) bytes of \(limits.bytes)") }
        let pieces = Result { try DecompressedSource(PiecewiseSource(bytes, name: "archive"), limits: limits).drain() }
        switch (count, pieces) {
        case (.success(let one), .success(let other)): require(one == other, "as many bytes, whatever the pieces")
        case (.failure, .failure): break
        default: require(false, "whole \(count), in pieces \(pieces)")
        }
    }

    private static func entries(of source: any ByteSource) -> [String] {
        var lines: [String] = []
        do throws(ArchiveError) {
            let reader = try ArchiveReader(source, limits: .small)
            var sum: UInt64 = 0
            while let entry = try reader.next() {
                let parts = entry.path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                require(!entry.path.bytes.contains(0) && !parts.contains { $0 == [46, 46] }, "the path \(entry.path)")
                require(entry.path.isRoot || !parts.contains { $0.isEmpty }, "the path \(entry.path)")
                let contents = reader.contents(of: entry)
                let count = entry.kind == .file ? try contents.drain() : 0
                require(entry.kind != .file || count == entry.size, "\(count) bytes of \(entry.size)")
                sum += count
                lines.append("\(entry.path) \(entry.kind) \(entry.size) \(entry.mode) \(entry.attributes.count)")
            }
            require(sum <= ArchiveLimits.small.bytes, "\(sum) bytes")
        } catch {
            lines.append("\(error)")
        }
        return lines
    }
}

/// Extracts below one directory, beside another that nothing may reach.
private struct Extraction {
    static let shared = Extraction()
    private let base: String
    private let canary: String

    init() {
        base = "/dev/shm/assay-fuzz.\(getpid())"
        canary = "\(base)/outside/canary"
        require(mkdir(base, 0o700) == 0 && mkdir("\(base)/outside", 0o700) == 0, "a directory in memory")
        let file = open(canary, O_WRONLY | O_CREAT, 0o600)
        require(file >= 0 && write(file, "alive", 5) == 5 && close(file) == 0, "the canary")
        atexit { _ = try? TreeRemover.removeTree(FilePath("/dev/shm/assay-fuzz.\(getpid())")) }
    }

    func extract(_ bytes: [UInt8]) throws {
        let before = state
        let root = FilePath("\(base)/root")
        let result = Result { try Extractor.extract(MemorySource(bytes, name: "tar"), to: root, limits: .small) }
        require(state == before, "nothing outside the root: \(before) and \(state)")
        switch result {
        case .success: try TreeRemover.removeTree(root)
        case .failure: break
        }
        var status = stat()
        require(stat(root.string, &status) != 0, "nothing left")
    }

    /// Everything outside the root that could have changed.
    private var state: [String] {
        var lines: [String] = []
        for path in [base + "/outside", canary] {
            var status = stat()
            require(lstat(path, &status) == 0, path)
            lines.append("\(path) \(status.st_mode) \(status.st_nlink) \(status.st_size) \(status.st_mtim.tv_nsec)")
        }
        return lines
    }
}
