import FoundationEssentials

/// A saved report that cannot be read.
public struct MalformedReport: Error, Sendable, Equatable, CustomStringConvertible {
    /// The path of the report.
    public var file: String
    public var expected: String
    public var found: String

    public var description: String { "reading a saved report, \(file): expected \(expected), found \(found)" }
}

extension ReportDocument {
    private struct Head: Decodable {
        var schema: String
    }

    /// Above any real report: one with a hundred thousand checks has two million values.
    private static let mostValues = 2_500_000

    /// Reads the output of `assay COMMAND --format json`.
    ///
    /// - Parameter file: named in errors.
    /// A report of `assay.report/1` is read as one of this schema.
    ///
    /// - Throws: `MalformedReport` for another schema, a malformed document, or more than 2.5 million values.
    public init(json bytes: [UInt8], file: String) throws(MalformedReport) {
        guard JSONValues.areAtMost(Self.mostValues, in: bytes) else {
            throw MalformedReport(file: file, expected: "at most \(Self.mostValues) values", found: "more")
        }
        let data = Data(bytes)
        do {
            let document = try JSONDecoder().decode(ReportDocument.self, from: data)
            guard Self.isKnown(document.schema) else { throw Self.otherSchema(document.schema, file) }
            self = document.schema == Self.olderSchema ? document.upgraded() : document
            host?.olderPlatform = ""
        } catch let error as MalformedReport {
            throw error
        } catch {
            // A document of another schema may lack this schema's keys: report the schema, not the missing key.
            if let head = try? JSONDecoder().decode(Head.self, from: data), !Self.isKnown(head.schema) {
                throw Self.otherSchema(head.schema, file)
            }
            throw Self.malformed(error, bytes, file)
        }
    }

    private static func isKnown(_ name: String) -> Bool { name == schema || name == olderSchema }

    private static func otherSchema(_ found: String, _ file: String) -> MalformedReport {
        MalformedReport(file: file, expected: "schema \"\(schema)\"", found: "schema \"\(found)\"")
    }

    private static func malformed(_ error: any Error, _ bytes: [UInt8], _ file: String) -> MalformedReport {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty
                ? "the document" : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        guard let error = error as? DecodingError else {
            return MalformedReport(file: file, expected: "a document of schema \"\(schema)\"", found: "\(error)")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return MalformedReport(
                file: file, expected: "the key \"\(key.stringValue)\"", found: "none in \(place(context.codingPath))")
        case .typeMismatch(let type, let context):
            return MalformedReport(
                file: file, expected: "\(type) at \(place(context.codingPath))", found: "another type")
        case .valueNotFound(let type, let context):
            return MalformedReport(file: file, expected: "\(type) at \(place(context.codingPath))", found: "null")
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty, !bytes.isEmpty, let fault = JSONFault(in: bytes) {
                return MalformedReport(
                    file: "\(file):\(fault.line):\(fault.column)", expected: fault.expected, found: fault.found)
            }
            let what = bytes.isEmpty ? "an empty file" : context.debugDescription
            let expected =
                context.codingPath.isEmpty
                ? "a JSON document of schema \"\(schema)\"" : "a value at \(place(context.codingPath))"
            return MalformedReport(file: file, expected: expected, found: what)
        @unknown default:
            return MalformedReport(file: file, expected: "a document of schema \"\(schema)\"", found: "\(error)")
        }
    }
}
