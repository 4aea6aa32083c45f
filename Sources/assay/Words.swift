public import ArgumentParser
public import Evidence
public import Reports

/// A choice among words. The parser's own way to list them takes a fifth of the time in which a command line is read: key paths, and a description of
/// each, which is the word again.
public protocol Words: ExpressibleByArgument, CaseIterable, RawRepresentable<String> {}

extension Words {
    public static var allValueStrings: [String] { allCases.map { $0.rawValue } }

    public static var allValueDescriptions: [String: String] { [:] }
}

extension ReportFormat: Words {}

extension Venue: Words {}
