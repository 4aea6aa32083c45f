public import Files
public import OCI
public import SystemPackage

/// Reads a policy for artifacts from a file.
public enum PolicyFile {
    private static let largest = 1 << 20

    /// A file whose text is not a policy: the line, and why.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        public var path: FilePath
        public var error: ArtifactPolicy.ParseError

        public var description: String { "\(path): \(error)" }
    }

    /// A file that cannot be read.
    public struct Unreadable: InputError, Sendable, CustomStringConvertible {
        public var path: FilePath
        public var reason: String
        public var lacksInput = false

        public var description: String { "\(path): cannot read the policy: \(reason)" }
    }

    /// - Throws: `Malformed`; `Unreadable`, also for a file of more than 1 MiB.
    public static func read(_ path: FilePath) throws -> ArtifactPolicy {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try WholeFile.read(path.string, limit: largest, kind: .any)
        } catch .fileTooLarge {
            throw Unreadable(path: path, reason: "expected at most \(largest) bytes, found more")
        } catch {
            throw Unreadable(path: path, reason: "\(error)", lacksInput: error.lacksInput)
        }
        do throws(ArtifactPolicy.ParseError) {
            return try ArtifactPolicy(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw Malformed(path: path, error: error)
        }
    }
}
