import Files
import SystemPackage
import TestSupport

/// What real tools printed: `Tests/Transcripts/README.md` says how each was recorded.
enum Transcript {
    static func bytes(_ name: String) throws -> [UInt8] {
        let directory = Repository.folder.appending("Tests/Transcripts")
        return try WholeFile.read(directory.appending(name).string, limit: 1 << 20)
    }

    static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
}
