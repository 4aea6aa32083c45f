import Findings

/// A scenario file, read and found right.
struct Scenario: Sendable, Codable {
    struct Requirements: Sendable, Codable {
        var root: Bool?
        var builder: [String]?
        var image: [String]?
        var program: [String]?
        var file: [String]?
        var kernel: String?
        var memory: String?
    }

    struct Matrix: Sendable, Codable {
        var interpreter: [String]?
        var image: [String]?
        var venue: [String]?
        var builder: [String]?
    }

    var schema: String
    var name: String
    var description: String
    var tags: [String]?
    var requires: Requirements?
    var matrix: Matrix?
    var timeout: String?
    var retries: Int?
    var steps: [ScenarioStep]
}

/// One step as the file has it. Which of the fields may stand together is the format's business.
struct ScenarioStep: Sendable, Codable {
    struct Limit: Sendable, Codable {
        var memory: String?
        var disk: String?
    }

    var inspect: String?
    var probe: [String]?
    var build: [String]?
    var artifact: String?
    var run: [String]?
    var fault: String?
    var measure: String?

    var name: String?
    var needs: [String]?
    var alone: Bool?
    var timeout: String?
    var retries: Int?
    var environment: [String: String]?
    var limit: Limit?
    var expect: Expectation?

    var image: String?
    var venue: [String]?
    var builder: [String]?
    var optional: Bool?
    var nativeOnly: Bool?
    var platform: String?

    var status: Int?
    var undetermined: Int?
    var output: String?
    var contains: [String]?
    var `repeat`: Int?
    var sideBySide: String?

    var delay: String?
    var steps: [ScenarioStep]?

    var baseline: String?
    var atMost: Double?

    enum CodingKeys: String, CodingKey {
        case inspect, probe, build, artifact, run, fault, measure
        case name, needs, alone, timeout, retries, environment, limit, expect
        case image, venue, builder, optional, platform, status, undetermined, output, contains, `repeat`, delay, steps,
            baseline
        case nativeOnly = "native-only"
        case sideBySide = "side-by-side"
        case atMost = "at-most"
    }

    enum Kind: String, Sendable, Codable, CaseIterable {
        case inspect, probe, build, artifact, run, fault, measure
    }

    var kind: Kind {
        if inspect != nil { return .inspect }
        if probe != nil { return .probe }
        if build != nil { return .build }
        if artifact != nil { return .artifact }
        if run != nil { return .run }
        return fault != nil ? .fault : .measure
    }

    /// The name, or the kind where none is given.
    var label: String { name ?? kind.rawValue }
}
