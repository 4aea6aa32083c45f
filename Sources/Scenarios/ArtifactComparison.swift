import ELF
public import Findings
import FoundationEssentials
import Glibc
import SystemPackage

/// `assay artifact PATH --same-as REFERENCE`: two files, or all regular files and links of two directories.
public enum ArtifactComparison {
    /// - Throws: `Errno` for a path that does not exist, or where one is a directory and the other a file.
    public static func run(_ path: String, sameAs reference: String) throws -> Evidence {
        var evidence = Evidence()
        let kinds = try [path, reference].map { try isDirectory($0) }
        guard kinds[0] == kinds[1] else { throw kinds[0] ? Errno.isDirectory : Errno.notDirectory }
        guard kinds[0] else {
            evidence.comparisons = [compare(path, reference, name: path)]
            return evidence
        }
        let (own, others) = (try files(path), try files(reference))
        evidence.comparisons = own.union(others).sorted().map { name in
            let (one, other) = ("\(path)/\(name)", "\(reference)/\(name)")
            for (names, side) in [(own, path), (others, reference)] where !names.contains(name) {
                return ComparisonEvidence(name: one, reference: other, result: .missing(from: side))
            }
            return compare(one, other, name: one)
        }
        return evidence
    }

    private static func isDirectory(_ path: String) throws -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Errno(rawValue: errno) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// Paths below a directory of everything that is no directory.
    private static func files(_ directory: String) throws -> Set<String> {
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory)
        return Set(
            names.filter { name in
                var status = stat()
                return lstat("\(directory)/\(name)", &status) != 0 || status.st_mode & S_IFMT != S_IFDIR
            })
    }

    private static func compare(_ path: String, _ reference: String, name: String) -> ComparisonEvidence {
        let begun = ContinuousClock.now
        let result: ComparisonEvidence.Result
        do {
            result = try FilePair(path, reference).compared()
        } catch {
            result = .unreadable(reason: "comparing \(path) with \(reference): \(error)")
        }
        return ComparisonEvidence(
            name: name, reference: reference, result: result, duration: begun.duration(to: .now))
    }
}

/// Two open files.
private final class FilePair {
    private let found: FileDescriptor
    private let expected: FileDescriptor

    init(_ found: String, _ expected: String) throws {
        self.found = try Self.open(found)
        do {
            self.expected = try Self.open(expected)
        } catch {
            try? self.found.close()
            throw error
        }
    }

    /// A pipe or a device has no content to compare, and may keep its reader waiting.
    private static func open(_ path: String) throws -> FileDescriptor {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? file.close()
            throw Errno.invalidArgument
        }
        return file
    }

    deinit {
        try? found.close()
        try? expected.close()
    }

    /// - Throws: `Errno` where a file cannot be read.
    func compared() throws -> ComparisonEvidence.Result {
        var first: (offset: UInt64, found: UInt8?, expected: UInt8?)?
        var (offset, count) = (UInt64(0), UInt64(0))
        while true {
            let (one, other) = (try chunk(of: found, at: offset), try chunk(of: expected, at: offset))
            if one.isEmpty && other.isEmpty { break }
            if one != other {
                for index in 0..<max(one.count, other.count) {
                    let bytes = (
                        index < one.count ? one[index] : nil, index < other.count ? other[index] : nil
                    )
                    guard bytes.0 != bytes.1 else { continue }
                    count += 1
                    first = first ?? (offset + UInt64(index), bytes.0, bytes.1)
                }
            }
            offset += UInt64(max(one.count, other.count))
        }
        guard let first else { return .equal(bytes: offset) }
        // What the reference's sections say, where it has that byte, else those of the file itself.
        let side = first.expected == nil ? found : expected
        let sections = try? ELFSections(DescriptorBytes(descriptor: side.rawValue))
        return .different(
            .init(
                offset: first.offset, found: first.found, expected: first.expected,
                place: sections?.describe(first.offset), count: count))
    }

    private static let chunkSize = 256 << 10

    /// As many bytes as there are, up to a chunk.
    private func chunk(of file: FileDescriptor, at offset: UInt64) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = try file.read(fromAbsoluteOffset: Int64(offset) + Int64(filled), into: rest)
                if got == 0 { break }
                filled += got
            }
        }
    }
}
