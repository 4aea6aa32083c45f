import ELF
public import Evidence
import Files
import Findings
import FoundationEssentials
import Glibc
import Host
import Processes
import SystemPackage

/// `assay artifact PATH --same-as REFERENCE`: compares two files, or all regular files and links of two directories.
///
/// The two paths themselves may be symbolic links, which are followed. Links below them are compared by their targets.
public enum ArtifactComparison {
    /// The most files. Each has a line in the report, which takes 3.5 KB.
    private static let mostFiles = 75_000

    /// Why the two paths cannot be compared.
    struct Impossible: InputError, CustomStringConvertible {
        let path, reason: String
        var lacksInput = false
        var description: String { "comparing \(path): \(reason)" }
    }

    /// - Throws: `Impossible` for a path that does not exist, a directory that cannot be listed or has too many files,
    ///   or a directory and a file.
    public static func run(_ path: String, sameAs reference: String) throws -> CommandEvidence {
        var evidence = CommandEvidence()
        let kinds = try [path, reference].map { try isDirectory($0) }
        guard kinds[0] == kinds[1] else {
            let (one, other) = kinds[0] ? ("a directory", "a file") : ("a file", "a directory")
            throw Impossible(path: path, reason: "it is \(one), and \(reference) is \(other)")
        }
        guard kinds[0] else {
            evidence.comparisons = [compare(path, reference, name: path)]
            return evidence
        }
        let (own, others) = (try files(path), try files(reference))
        let names = own.union(others)
        guard names.count <= mostFiles else {
            throw Impossible(path: path, reason: "expected at most \(mostFiles) files in both directories, found more")
        }
        evidence.comparisons = names.sorted().map { name in
            let (one, other) = ("\(path)/\(name)", "\(reference)/\(name)")
            for (names, side) in [(own, path), (others, reference)] where !names.contains(name) {
                return ComparisonEvidence(name: one, reference: other, result: .missing(from: side))
            }
            switch (linkTarget(one), linkTarget(other)) {
            case (nil, nil): return compare(one, other, name: one)
            case (let found, let expected):
                return ComparisonEvidence(name: one, reference: other, result: compare(link: found, with: expected))
            }
        }
        return evidence
    }

    private static func isDirectory(_ path: String) throws -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let error = Errno(rawValue: errno)
            throw Impossible(path: path, reason: error.description, lacksInput: error.lacksInput)
        }
        return status.isDirectory
    }

    /// The relative paths of everything below a directory except directories.
    private static func files(_ directory: String) throws -> Set<String> {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: directory)
        } catch {
            let cause = (error as? CocoaError)?.underlying as? POSIXError
            let path = (error as? CocoaError)?.filePath ?? directory
            throw Impossible(
                path: path, reason: cause.map { Errno(rawValue: $0.code.rawValue).description } ?? "\(error)")
        }
        return Set(
            names.filter { name in
                var status = stat()
                return lstat("\(directory)/\(name)", &status) != 0 || !status.isDirectory
            })
    }

    private static func compare(link found: [UInt8]?, with expected: [UInt8]?) -> ComparisonEvidence.Result {
        if let found, found == expected { return .equal(bytes: UInt64(found.count)) }
        let words = [found, expected].map { target in
            target.map { "a symbolic link to \(String(decoding: $0, as: UTF8.self))" } ?? "no symbolic link"
        }
        return .otherKind(found: words[0], expected: words[1])
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
private struct FilePair {
    private let found, expected: OwnedDescriptor

    /// Opens regular files only: a pipe or a device may block its reader.
    init(_ found: String, _ expected: String) throws(Errno) {
        self.found = try WholeFile.open(found, in: AT_FDCWD, kind: .regular)
        self.expected = try WholeFile.open(expected, in: AT_FDCWD, kind: .regular)
    }

    /// - Throws: `Errno` if a file cannot be read, `Errno.interrupted` after a signal to stop.
    func compared() throws -> ComparisonEvidence.Result {
        var first: (offset: UInt64, found: UInt8?, expected: UInt8?)?
        var (offset, count) = (UInt64(0), UInt64(0))
        while true {
            guard Interrupt.signal == nil else { throw Errno.interrupted }
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
        // Name the place by the reference's ELF sections if it has that byte, else by those of the file.
        let side = first.expected == nil ? found : expected
        let sections = try? ELFSections(DescriptorBytes(descriptor: side.value))
        return .different(
            .init(
                offset: first.offset, found: first.found, expected: first.expected,
                place: sections?.describe(first.offset), count: count))
    }

    private static let chunkSize = 256 << 10

    /// Up to a chunk of bytes; fewer only at the end of the file.
    private func chunk(of file: OwnedDescriptor, at offset: UInt64) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = try FileDescriptor(rawValue: file.value)
                    .read(fromAbsoluteOffset: Int64(offset) + Int64(filled), into: rest)
                if got == 0 { break }
                filled += got
            }
        }
    }
}
