import Evidence
import Files
import Glibc
import Processes
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("A daemon's socket, looked at without a tool") struct LocalSocketTests {
    /// A socket that nobody listens at, or where somebody does.
    private static func with<Result>(listening: Bool, _ body: (String) throws -> Result) throws -> Result {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        let path = scratch.appending("s").string
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        try #require(try LocalAddress(path).with { bind(descriptor, $0, $1) } == 0)
        if listening { try #require(listen(descriptor, 1) == 0) }
        return try body(path)
    }

    @Test("none, one that nobody listens at, and one that answers are told apart") func states() throws {
        let absent = try #require(LocalSocket.obstacle(at: "unix:///does/not/exist"))
        #expect(absent.hasPrefix("there is no such socket"))
        try Self.with(listening: false) { path in
            #expect(
                LocalSocket.obstacle(at: "unix://\(path)") == "nothing listens at this socket: its daemon has ended")
        }
        try Self.with(listening: true) { path in #expect(LocalSocket.obstacle(at: "unix://\(path)") == nil) }
    }

    @Test(
        "an address that is no socket here is left to the tool", arguments: ["tcp://127.0.0.1:1", "ssh://x", "", "x"])
    func others(address: String) { #expect(LocalSocket.obstacle(at: address) == nil) }

    @Test("a builder with nothing behind its socket is unreachable, and its tool is not even run") func notRun() throws
    {
        let script = "echo ran >>ran"
        try ScriptedTool.with(script) { program, runner in
            try Self.with(listening: false) { path in
                let survey = Buildctl(program: program, address: "unix://\(path)").survey(runner)
                #expect(survey.obstacle?.reason.hasSuffix("its daemon has ended") == true)
                #expect(access(runner.work.appending("ran").string, F_OK) != 0)
            }
        }
    }

    @Test(
        "where a daemon builds is told by its address, or not at all",
        arguments: [
            ("unix:///run/docker.sock", false), ("tcp://builder:1234", true), ("ssh://me@far", true),
            ("kubernetes:///k?deployment=", true), ("tcp://127.0.0.1:1234", nil), ("tcp://[::1]:1", nil),
            ("docker-container://x", nil), ("default", nil),
        ] as [(String, Bool?)])
    func place(address: String, isElsewhere: Bool?) { #expect(DaemonPlace.isElsewhere(address) == isElsewhere) }
}

@Suite("What buildx wrote down") struct BuildxFileTests {
    private static func with<Result>(_ files: [String: String], _ body: (FilePath) throws -> Result) throws -> Result {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        for (name, text) in files {
            var place = scratch
            for part in name.split(separator: "/").dropLast() {
                place.append(String(part))
                mkdir(place.string, 0o700)
            }
            try WholeFile.write(text.utf8, to: scratch.appending(name))
        }
        return try body(scratch)
    }

    @Test("a builder's nodes, and why none can be there") func instance() throws {
        let far = #"{"Name":"far","Driver":"remote","Nodes":[{"Name":"far0","Endpoint":"unix:///does/not/exist"}]}"#
        let two =
            #"{"Name":"two","Driver":"remote","Nodes":[{"Endpoint":"unix:///does/not/exist"},{"Endpoint":"tcp://a:1"}]}"#
        try Self.with(["instances/far": far, "instances/two": two, "instances/odd": "{", "current": #"{"Name":"far"}"#])
        {
            let instance = try #require(BuildxInstance(named: "far", in: $0))
            #expect(instance.driver == "remote" && instance.obstacle?.endpoint == "unix:///does/not/exist")
            #expect(BuildxInstance(named: "two", in: $0)?.obstacle == nil)
            #expect(BuildxInstance(named: "odd", in: $0) == nil && BuildxInstance(named: "../current", in: $0) == nil)
            #expect(BuildxInstance.current(in: $0) == "far")
        }
        try Self.with(["current": #"{"Key":"unix:///var/run/docker.sock","Name":"","Global":false}"#]) {
            #expect(BuildxInstance.current(in: $0) == nil)
        }
    }

    /// - Parameter script: `docker buildx history rm REFERENCE...`
    private func erase(_ version: String?, _ script: String) throws -> (HistoryErasure, String) {
        try ScriptedTool.with(script) { program, runner in
            for place in ["buildx", "buildx/refs", "buildx/refs/b", "buildx/refs/b/b0"] {
                mkdir(runner.work.appending(place).string, 0o700)
            }
            for name in ["ref1", "ref2"] {
                try WholeFile.write("{}".utf8, to: runner.work.appending("buildx/refs/b/b0/\(name)"))
            }
            let erased = BuildxHistory(work: runner.work).erase(version, runner) {
                Tool.launch(program, $0, timeout: .seconds(10))
            }
            let said = try? WholeFile.read(runner.work.appending("words").string, limit: 4096)
            return (erased, String(decoding: said ?? [], as: UTF8.self))
        }
    }

    @Test("a trial's own records are deleted in one go by the references that buildx noted") func history() throws {
        let (erased, words) = try erase("0.29.1", "echo \"$*\" >words")
        #expect(erased == .erased && words == "history rm ref1 ref2\n")
    }

    @Test("an older buildx cannot, which is told; a daemon that keeps none has nothing to delete") func stays() throws {
        let (older, words) = try erase("0.13.1", "echo \"$*\" >words")
        #expect(older == .stays(reason: "buildx 0.13.1 cannot remove them: 0.20 is the first that can") && words == "")
        #expect(try erase(nil, "echo 'ERROR: record not found' >&2; exit 1").0 == .erased)
        for words in ["rpc error: code = Unimplemented", "ERROR: unable to delete"] {
            guard case .stays(let reason) = try erase(nil, "echo '\(words)' >&2; exit 1").0 else {
                Issue.record("expected stays")
                return
            }
            #expect(reason.hasSuffix(words))
        }
    }

    @Test("a trial that noted no build asks nothing") func none() throws {
        try ScriptedTool.with("exit 1") { program, runner in
            let erased = BuildxHistory(work: runner.work).erase(nil, runner) {
                Tool.launch(program, $0, timeout: .seconds(1))
            }
            #expect(erased == .erased)
        }
    }
}
