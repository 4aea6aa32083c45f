import Files
import FoundationEssentials
import Glibc
public import Probes
import SystemPackage

/// Reads scenario files. All errors in them are found before anything runs.
public struct ScenarioFile: Sendable {
    /// As the user named it.
    public let path: String
    /// The SHA-256 of its bytes, which a journal refers to.
    public let digest: String
    public let scenario: Scenario

    public var name: String { scenario.name }
    public var description: String { scenario.description }
    public var tags: [String] { scenario.tags }

    /// The most steps in all files of a run, with all combinations of their matrices. Each is planned and reported.
    private static let mostSteps = 50_000

    /// The largest file, in bytes: scenarios are written by hand.
    private static let largest = 1 << 20

    /// The scenario files at the paths, in order: a file itself, or all `.yaml` and `.yml` files in and below a
    /// directory.
    ///
    /// - Throws: `NoInput` for a path that does not exist or cannot be read, `SuiteError` for a directory without
    ///   scenario files.
    public static func find(_ paths: [String]) throws -> [String] {
        var files: [String] = []
        var known: Set<String> = []
        for path in paths {
            guard let kind = Self.kind(of: path) else {
                throw NoInput(path, Errno(rawValue: errno))
            }
            guard kind != .other else {
                throw SuiteError("\(path): expected a file or a directory, found a device or a pipe")
            }
            var entered: Set<Directory> = []
            let found = kind == .directory ? try below(path, &entered) : [path]
            if found.isEmpty { throw SuiteError("\(path): no scenario (.yaml) is in this directory or below it") }
            files += found.filter { known.insert($0).inserted }
        }
        return files
    }

    private enum Kind { case directory, file, other }

    private static func kind(of path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file
        default: return .other
        }
    }

    /// Identifies a directory, whatever path leads to it: circular links would be followed without end.
    private struct Directory: Hashable {
        var device: dev_t
        var inode: ino_t
    }

    private static func below(_ directory: String, _ entered: inout Set<Directory>) throws -> [String] {
        var status = stat()
        guard stat(directory, &status) == 0 else { throw CallFailure("stat \(directory)", Errno(rawValue: errno)) }
        guard entered.insert(Directory(device: status.st_dev, inode: status.st_ino)).inserted else { return [] }
        let base = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        var files: [String] = []
        let names: [String]
        do throws(Errno) { names = try DirectoryListing.names(in: directory) } catch {
            throw NoInput(directory, error)
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = "\(base)/\(name)"
            switch kind(of: path) {
            case .directory: files += try below(path, &entered)
            case .file where name.hasSuffix(".yaml") || name.hasSuffix(".yml"): files.append(path)
            case .file, .other, nil: break
            }
        }
        return files
    }

    /// Reads and checks all files.
    ///
    /// - Parameter catalogue: the probes of an image for a platform, by their names; nil for an image that is not here.
    /// - Throws: `ScenarioErrors` with all errors in the files; `CallFailure` for a file that cannot be read;
    ///   `SuiteError` for more than 50,000 steps.
    public static func load(
        _ paths: [String], catalogue: (String, String) throws -> [ProbeDescription]?
    ) throws -> [ScenarioFile] {
        var files: [ScenarioFile] = []
        var errors: [ScenarioError] = []
        var catalogues: [[String]: [String]?] = [:]
        var owners: [String: String] = [:]
        var steps = 0
        for path in paths {
            let log = ErrorLog(file: path)
            let found = try read(path, log: log) { name, platform in
                let image = SuiteImages.resolved(name, in: directory(of: path))
                if let known = catalogues[[image, platform]] { return known }
                let names = try catalogue(image, platform)?.map(\.name)
                catalogues[[image, platform]] = .some(names)
                return names
            }
            if let node = found.name, let name = node.word {
                if let other = owners[name] {
                    log.add(
                        node.place, expected: "a name of its own", found: "\"\(name)\", which \(other) has already")
                }
                owners[name] = owners[name] ?? path
            }
            errors += log.sorted
            guard let file = found.file, log.errors.isEmpty else { continue }
            files.append(file)
            steps += file.scenario.steps.count * file.scenario.matrix.count
            guard steps <= mostSteps else {
                throw SuiteError("\(path): expected at most \(mostSteps) steps in all scenarios together, found more")
            }
        }
        if !errors.isEmpty { throw ScenarioErrors(errors: errors) }
        return files
    }

    private static func read(
        _ path: String, log: ErrorLog, probes: (String, String) throws -> [String]?
    ) throws -> (file: ScenarioFile?, name: YAMLNode?) {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try WholeFile.read(path, limit: largest, kind: .any)
        } catch .fileTooLarge {
            log.add(Place(line: 1, column: 1), expected: "at most \(largest) bytes", found: "more")
            return (nil, nil)
        } catch {
            // The file's text is not at fault.
            if error.lacksInput { throw NoInput(path, error) }
            throw CallFailure("open and read \(path)", error)
        }
        guard let (root, scenario) = FormFile.read(bytes, as: Scenario.form, log: log) else { return (nil, nil) }
        let references = ScenarioReferences(root: root, log: log)
        try references.check(probes: probes)
        if let scenario, log.errors.isEmpty { references.checkWhole(scenario) }
        let file = scenario.map { ScenarioFile(path: path, digest: SHA256.hexadecimal(bytes), scenario: $0) }
        return (file, root.member("name"))
    }

    /// Parses a scenario that is part of the program.
    ///
    /// - Throws: `ScenarioErrors`.
    public static func parse(_ bytes: [UInt8], path: String) throws -> ScenarioFile {
        let log = ErrorLog(file: path)
        guard let scenario = FormFile.read(bytes, as: Scenario.form, log: log)?.value, log.errors.isEmpty else {
            throw ScenarioErrors(errors: log.sorted)
        }
        return ScenarioFile(path: path, digest: SHA256.hexadecimal(bytes), scenario: scenario)
    }
}

/// Why a suite cannot be run at all.
public struct SuiteError: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

extension ScenarioFile {
    /// The base of the file's relative paths.
    public var directory: String { Self.directory(of: path) }

    /// Absolute, since processes may be started in another directory.
    static func directory(of path: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
        return whole.lastIndex(of: "/").map { $0 == whole.startIndex ? "/" : String(whole[..<$0]) } ?? "/"
    }
}
