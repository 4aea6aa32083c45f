import Evidence
import Files
import Findings
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Host

@Suite("Asking the Docker daemon") struct RunnerInspectionTests {
    @Test("one that takes no connections any more is silent, and nobody waits for it", .timeLimit(.minutes(1)))
    func fullBacklog() throws {
        let directory = try ScratchDirectory.make()
        let path = directory.appending("s").string
        defer {
            unlink(path)
            rmdir(directory.string)
        }
        let address = try LocalAddress(path)
        func with(_ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ descriptor: Int32) -> Int32 {
            address.with { call(descriptor, $0, $1) }
        }
        func new() -> Int32 { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0) }
        let listener = new()
        var open = [listener]
        defer { for descriptor in open { close(descriptor) } }
        try #require(with(bind, listener) == 0 && listen(listener, 0) == 0)
        while open.count < 100 {
            open.append(new())
            if with(connect, open[open.count - 1]) != 0 { break }
        }
        try #require(open.count < 100)
        #expect(RunnerInspection.ping(path) == .silent)
        close(listener)
        open.removeFirst()
        #expect(RunnerInspection.ping(path) == .refused(ECONNREFUSED))
    }
}
