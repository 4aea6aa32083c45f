import Files
import Glibc
public import SystemPackage

/// Reads configuration files.
public enum ConfigurationFile {
    /// In the working directory.
    public static let ownName = ".assay.yaml"
    /// The host's.
    public static let hostPath: FilePath = "/etc/assay/config.yaml"
    private static let largest = 1 << 20

    /// Reads a file that the caller named.
    ///
    /// - Throws: `ScenarioErrors` with all faults in it; `NoInput` or `CallFailure` where it cannot be read.
    public static func read(_ path: String) throws -> Configuration {
        let bytes: [UInt8]
        do throws(Errno) { bytes = try WholeFile.read(path, limit: largest, kind: .any) } catch {
            throw failure(path, error)
        }
        return try parse(bytes, path: path)
    }

    /// - Throws: `ScenarioErrors`.
    static func parse(_ bytes: [UInt8], path: String) throws -> Configuration {
        // Such as /dev/null, by which no file at all is chosen, or a file of which everything is a comment.
        if isEmpty(bytes) { return Configuration() }
        let log = ErrorLog(file: path)
        let read = FormFile.read(bytes, as: Configuration.form, log: log)
        if let root = read?.root {
            checkCodes(root, log)
            for profile in root.member("profiles")?.members ?? [] { checkCodes(profile.value, log) }
        }
        guard var value = read?.value, log.errors.isEmpty else { throw ScenarioErrors(errors: log.sorted) }
        value.name(source: path)
        return value
    }

    /// Whether nothing stands in it but blanks, comments, and a document's beginning.
    private static func isEmpty(_ bytes: [UInt8]) -> Bool {
        bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.allSatisfy { line in
            let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            return text.isEmpty || text.first == UInt8(ascii: "#") || line.elementsEqual("---".utf8)
        }
    }

    /// Of two allowances of one finding it would not be known which counts.
    private static func checkCodes(_ node: YAMLNode, _ log: ErrorLog) {
        var seen: Set<String> = []
        for item in node.member("allow")?.items ?? [] {
            guard let code = item.member("code"), let word = code.word, !seen.insert(word).inserted else { continue }
            log.add(code.place, expected: "each finding once", found: "\"\(word)\" again")
        }
    }

    private static func failure(_ path: String, _ error: Errno) -> any Error {
        error.lacksInput ? NoInput(path, error) : CallFailure("open and read \(path)", error)
    }

    /// What is found without being named: the working directory's file if it is the caller's own, else the host's if it is
    /// root's. Nobody else can have put either there, or can change it.
    ///
    /// - Returns: also why a file that is there does not count; nil where none is passed over.
    /// - Throws: as `read(_:)`.
    public static func search() throws -> (configuration: Configuration, notes: [String]) {
        var notes: [String] = []
        if let directory = workingDirectory {
            let place = directory.appending(ownName)
            switch look(place, owner: geteuid()) {
            case .absent: break
            case .untrusted(let reason):
                notes.append("\(ownName) does not count here: \(reason); --config \(ownName) takes it")
            case .file(let bytes): return (try parse(try bytes.get(), path: ownName), notes)
            }
        }
        switch look(hostPath, owner: 0) {
        case .absent: break
        case .untrusted(let reason): notes.append("\(hostPath) does not count: \(reason)")
        case .file(let bytes): return (try parse(try bytes.get(), path: hostPath.string), notes)
        }
        return (Configuration(), notes)
    }

    private enum Found {
        case absent
        case untrusted(String)
        case file(Result<[UInt8], any Error>)
    }

    private static func look(_ path: FilePath, owner: uid_t) -> Found {
        var status = stat()
        guard lstat(path.string, &status) == 0 else { return .absent }
        let directory: TrustedDirectory
        do throws(FileError) {
            directory = try TrustedDirectory(
                path.removingLastComponent(), action: "looking for a configuration in", groupMayWrite: true)
        } catch {
            return .untrusted("\(error)")
        }
        // What is open is judged, not what was there before.
        let name = path.lastComponent?.string ?? ""
        do throws(Errno) {
            let file = try WholeFile.open(name, in: directory.descriptor.value, kind: .regular, follows: false)
            guard let status = file.status else { return .absent }
            guard status.st_uid == owner else {
                return .untrusted("it belongs to user \(status.st_uid), not to \(owner)")
            }
            let byGroup = status.permissions & 0o020 != 0 && status.st_gid != getegid()
            guard status.permissions & 0o002 == 0, !byGroup else { return .untrusted("others may write to it") }
            return .file(.success(try WholeFile.read(file, limit: largest)))
        } catch .noSuchFileOrDirectory {
            return .absent
        } catch .tooManySymbolicLinkLevels, .invalidArgument {
            return .untrusted("it is \(status.kind)")
        } catch {
            return .file(.failure(failure(path.string, error)))
        }
    }

    private static var workingDirectory: FilePath? {
        guard let text = getcwd(nil, 0) else { return nil }
        defer { free(text) }
        return FilePath(platformString: text)
    }
}
