import Glibc
import Testing

@testable import Binfmt

@Suite("Reading a registry that is not there") struct RegistryReadingTests {
    @Test("a directory without status is reported as not mounted, not as an empty registry") func notMounted() {
        let registry = Registry.read(directory: "/usr")
        guard case .unavailable(let reason, let known) = registry.state else {
            Issue.record("expected unavailable, found \(registry.state)")
            return
        }
        #expect(reason == "no binfmt_misc file system is mounted on /usr")
        #expect(registry.handlers.isEmpty)
        #expect(registry.directory == "/usr")
        #expect(known == Self.kernelListsIt)
    }

    @Test("a directory that does not exist is the same, and no crash") func absent() {
        guard case .unavailable = Registry.read(directory: "/does/not/exist").state else {
            Issue.record("expected unavailable")
            return
        }
    }

    @Test("a path that is a file says so") func file() {
        guard case .unavailable(let reason, _) = Registry.read(directory: "/proc/version").state else {
            Issue.record("expected unavailable")
            return
        }
        #expect(reason.contains("/proc/version"))
    }

    private static var kernelListsIt: Bool {
        guard let stream = fopen("/proc/filesystems", "re") else { return false }
        defer { fclose(stream) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, 256, stream) != nil {
            if strcmp(line, "nodev\tbinfmt_misc\n") == 0 { return true }
        }
        return false
    }
}
