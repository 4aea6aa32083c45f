public import ArgumentParser
public import Evidence
public import Reports
public import ScenarioFormat

/// A choice among words. ArgumentParser's own list of them takes a fifth of the parsing time: it uses key paths, and
/// describes each word by itself.
public protocol Words: ExpressibleByArgument, CaseIterable, RawRepresentable<String> {}

extension Words {
    public static var allValueStrings: [String] { allCases.map { $0.rawValue } }

    public static var allValueDescriptions: [String: String] { [:] }
}

extension ReportFormat: Words {}

extension Venue: Words {}

extension Configuration.Threshold: Words {}
