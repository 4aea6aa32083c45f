import Archive
import Findings
import Glibc
import SystemPackage

@testable import Reports
@testable import Suite

extension FuzzTarget {
    /// Saved reports: a readable one can be rendered in every format, and its own format reads back the same.
    static let report = FuzzTarget(name: "report") { bytes in
        let document = try ReportDocument(json: bytes, file: "report.json")
        for format in ReportFormat.allCases {
            _ = try format.render(.report(document))
            _ = try format.renderFile(.report(document), limit: 4096)
        }
        let again = try ReportDocument(
            json: Array(try ReportFormat.json.render(.report(document)).utf8), file: "again.json")
        require(again == document, "what is written is what is read")
        let shown = try ReportFormat.console.render(.report(document))
        require(
            !shown.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" },
            "nothing that steers a terminal")
    }

    /// Journals: a refused file stays unchanged; a resumed one reads the same again.
    static let journal = FuzzTarget(name: "journal") { bytes in
        let path = FilePath("/dev/shm/assay-fuzz-journal.\(getpid())")
        defer { unlink(path.string) }
        let file = open(path.string, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        require(file >= 0 && write(file, bytes, bytes.count) == bytes.count && close(file) == 0, "a file in memory")
        _ = Journal.durations(path, of: [])
        let header = Journal.Header(version: "0", files: [] as [Journal.Header.File], options: "")
        guard let first = records(path, header) else {
            let left = try DescriptorSource(file: path).readAll(limit: 1 << 20)
            require(left == bytes, "a file that was refused is as it was")
            return
        }
        require(records(path, header) == first, "the same again")
    }

    private static func records(_ path: FilePath, _ header: Journal.Header) -> [String]? {
        guard let (_, records) = try? Journal.open(path, header: header, resume: true) else { return nil }
        return records.map(\.id)
    }
}
