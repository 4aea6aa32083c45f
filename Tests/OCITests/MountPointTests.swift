import Evidence
import TestSupport
import Testing

@testable import OCI

/// Runtimes mount file systems of their own over some directories.
@Suite("Mount points of runtimes") struct MountPointTests {
    typealias Reason = ArtifactFault.Reason

    private static func inspect(
        _ execution: String = #"{"Entrypoint":["/app/start"]}"#, _ make: @escaping (inout TarBuilder) -> Void
    ) throws -> [ArtifactFault] {
        try EngineLayerTests.inspect(
            [
                {
                    $0.file("app/start", LayoutBuilder.binary("arm64"), mode: 0o755)
                    make(&$0)
                }
            ], execution: execution
        ).faults.map { $0 }
    }

    @Test(
        "what an image has below /dev, /proc or /sys starts nothing",
        arguments: ["dev/start", "proc/start", "sys/a/start", "dev/shm/start"])
    func hidden(path: String) throws {
        let program = LayoutBuilder.binary("arm64")
        let entry = try Self.inspect(#"{"Entrypoint":["/\#(path)"]}"#) { $0.file(path, program, mode: 0o755) }
        #expect(entry.map(\.reason) == [.hiddenByMount])
        let script = try Self.inspect(#"{"Entrypoint":["/app/script"]}"#) {
            $0.file(path, program, mode: 0o755)
            $0.file("app/script", Array("#!/\(path)\n".utf8), mode: 0o755)
        }
        #expect(script.map(\.reason) == [.hiddenByMount] && script.first?.path == "/app/script")
        let loader = try Self.inspect(#"{"Entrypoint":["/app/dynamic"]}"#) {
            $0.file(path, ELFBuilder().bytes, mode: 0o755)
            $0.file("app/dynamic", ELFBuilder(interpreter: "/\(path)").bytes, mode: 0o755)
        }
        #expect(loader.map(\.reason) == [.hiddenByMount] && loader.first?.kind == .loaderMissing)
    }

    @Test(
        "the root and the working directory of the container's first process are the image's",
        arguments: [
            ("/proc/self/root/app/start", nil), ("/proc/1/root/app/start", nil),
            ("//proc/./thread-self/root//app/start", nil),
            ("/proc/self/root/proc/1/root/app/start", nil), ("/proc/self/root/../app/start", nil),
            ("/proc/self/cwd/start", nil), ("/proc/1/cwd/../app/start", nil), ("start", nil),
            ("/proc/self/root/app/none", .entrypointNotThere), ("/proc/self/root/app/start/", .entrypointTrailingSlash),
            ("/proc/self/root/dev/start", .hiddenByMount), ("/proc/self/exe", .hiddenByMount),
            ("/dev/fd/3", .hiddenByMount), ("/dev/stdin", .hiddenByMount),
        ] as [(String, Reason?)])
    func ownRoot(path: String, reason: Reason?) throws {
        let start = LayoutBuilder.binary("arm64")
        let more = #""WorkingDir":"/app","Env":["PATH=/proc/self/root/app"]"#
        let faults = try Self.inspect(#"{"Entrypoint":["\#(path)"],\#(more)}"#) {
            $0.file("dev/start", start, mode: 0o755)
        }
        #expect(faults.map(\.reason) == (reason.map { [$0] } ?? []))
        guard !path.contains("cwd") else { return }
        let link = try Self.inspect(#"{"Entrypoint":["/app/link"],\#(more)}"#) { $0.symbolicLink("app/link", to: path) }
        #expect(link.isEmpty == (reason == nil))
        let script = try Self.inspect(#"{"Entrypoint":["/app/script"],\#(more)}"#) {
            $0.file("app/script", Array("#!\(path.hasPrefix("/") ? path : "/app/start")\n".utf8), mode: 0o755)
        }
        #expect(script.isEmpty == (reason == nil))
    }

    @Test("a lookup in PATH passes over what a mount hides") func lookup() throws {
        let faults = try Self.inspect(#"{"Entrypoint":["start"],"Env":["PATH=/proc/bin:/app"]}"#) {
            $0.file("proc/bin/start", "old", mode: 0o755)
        }
        #expect(faults.isEmpty)
    }

    @Test(
        "what stands in the place of a directory or file that runtimes need is told",
        arguments: [
            ("file", "proc", 1), ("file", "sys", 1), ("file", "dev", 1), ("file", "run", 1), ("file", "etc", 1),
            ("link", "proc", 1), ("link", "sys", 1), ("link", "dev", 0), ("broken", "etc", 1), ("link", "etc", 0),
            ("directory", "etc/hosts", 1), ("directory", "etc/resolv", 0), ("directory", "proc", 0),
        ])
    func places(kind: String, path: String, count: Int) throws {
        let faults = try Self.inspect { tar in
            switch kind {
            case "file": tar.file(path)
            case "link": tar.symbolicLink(path, to: "app")
            case "broken": tar.symbolicLink(path, to: "/none")
            default: tar.directory(path)
            }
        }
        #expect(faults.map(\.reason) == Array(repeating: .mountPoint, count: count))
        #expect(faults.allSatisfy { $0.path == "/" + path })
    }

    @Test("a directory in the place of /etc/passwd matters where there is a user") func users() throws {
        for (user, count) in [("1000", 1), ("", 0)] {
            let faults = try Self.inspect(#"{"Entrypoint":["/app/start"],"User":"\#(user)"}"#) {
                $0.directory("etc/passwd")
            }
            #expect(faults.map(\.reason) == Array(repeating: .mountPoint, count: count))
        }
    }

    @Test(
        "a working directory that nobody can make",
        arguments: [
            ("/proc/new", 1), ("/proc", 0), ("/proc/self", 0), ("/sys/new", 1), ("/sys/class", 0), ("/app/new", 0),
            ("/" + String(repeating: "x", count: 256), 1), ("/" + String(repeating: "x", count: 255), 0),
            (#"/app\u0000x"#, 1),
        ])
    func workingDirectory(place: String, count: Int) throws {
        let faults = try Self.inspect(#"{"Entrypoint":["/app/start"],"WorkingDir":"\#(place)"}"#) { _ in }
        #expect(faults.map(\.reason) == Array(repeating: .workingDirectory, count: count))
    }

    @Test(
        "a volume is at a directory, or at nothing yet; podman mounts none elsewhere",
        arguments: [
            ("/data", false), ("/app", false), ("/app/../data", false), ("data", false), ("", false),
            ("/sys/fs/cgroup", false),
            ("/dev/shm", false), ("/sys", false), ("/link", false), (" /data", false), ("/", true), ("/.", true),
            ("/app/..", true),
            ("/app/start", true), ("/app/start/x", true), ("/proc", true), ("/proc/x", true), ("/dev", true),
            ("/sys/x", true),
            ("/da\\u0000ta", true),
            ("/" + String(repeating: "x", count: 256), true), ("/link/start", true),
        ])
    func volumes(place: String, isRefused: Bool) throws {
        let faults = try Self.inspect(#"{"Entrypoint":["/app/start"],"Volumes":{"\#(place)":{}}}"#) {
            $0.symbolicLink("link", to: "app")
        }
        #expect(faults.map(\.reason) == (isRefused ? [.volume] : []), "\(place)")
    }
}
