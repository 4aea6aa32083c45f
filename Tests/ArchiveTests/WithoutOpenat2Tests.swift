import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// All tests of unpacking, of the cache and of removal, in a process to which openat2 is refused.
@Suite struct WithoutOpenat2Tests {
    private static let isInside = getenv("ASSAY_TESTS_WITHOUT_OPENAT2") != nil
    private static let filter = "(ArchiveTests.(Extractor|UnpackedCache)|FilesTests.TreeRemover)"

    @Test(.enabled(if: !isInside, "this is the inner run"), arguments: [ENOSYS, EPERM])
    func theHostileArchivesEndAsEver(error: Int32) throws {
        let scratch = Scratch()
        let log = scratch.path.appending("log").string
        let status = try #require(without("openat2", error) { Self.run(log: log) }, "no filter can be had here")
        let text = String(decoding: scratch.read("log") ?? [], as: UTF8.self)
        #expect(status == 0, "\(text.suffix(4000))")
        #expect(text.contains(" passed after "), "\(text.suffix(4000))")
    }

    /// This process's own program once more, for the tests in question alone.
    private static func run(log: String) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words = CommandLine.arguments
        while let option = words.firstIndex(where: { $0 == "--filter" || $0 == "--skip" }) {
            words.removeSubrange(option..<min(option + 2, words.count))
        }
        words += ["--filter", filter]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables = [strdup("ASSAY_TESTS_WITHOUT_OPENAT2=1")]
        var next = environ
        while let variable = next.pointee {
            variables.append(variable)
            next += 1
        }
        variables.append(nil)
        var child: pid_t = 0
        guard posix_spawn(&child, "/proc/self/exe", &actions, nil, &arguments, variables) == 0 else { return -1 }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
