import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Operations

@Suite("Writing a boot file") struct HandlerOperationTests {
    @Test("leaves nothing beside it, whether it succeeds or not") func leftovers() throws {
        let directory = try ScratchDirectory.make()
        let (file, obstacle) = (directory.appending("file").string, directory.appending("obstacle").string)
        defer {
            unlink(file)
            for path in [obstacle, directory.string] { rmdir(path) }
        }
        try #require(mkdir(obstacle, 0o700) == 0)
        try HandlerOperation.writeFile(file, text: "words\n").perform()
        #expect(throws: HandlerRefusal.self) { try HandlerOperation.writeFile(obstacle, text: "words\n").perform() }
        #expect(try String(decoding: WholeFile.read(file, limit: 99), as: UTF8.self) == "words\n")
        #expect(access("\(file).assay-new", F_OK) != 0 && access("\(obstacle).assay-new", F_OK) != 0)
    }
}
