import Archive
import Evidence
import Findings
import OCI
import Testing

@Suite struct ArtifactPolicyTests {
    private static func allows(_ pattern: String, _ path: String) -> Bool {
        ArtifactPolicy(rules: [.init(kind: .foreignBinary, pattern: pattern)])
            .allows(ArtifactFault(kind: .foreignBinary, path: path, expected: "", found: ""))
    }

    @Test(arguments: [
        ("/a/b", "/a/b"), ("/a/*", "/a/b"), ("/a/*.so", "/a/x.so"), ("/a/**", "/a/b/c"), ("/**/c", "/a/b/c"),
        ("/a/?", "/a/b"), ("/**/x/*.o", "/a/x/b/x/c.o"), ("/a*c/d", "/abbc/d"), ("/**", "/"), ("/a/**/b", "/a/x/y/b"),
    ])
    func patternsMatch(pattern: String, path: String) {
        #expect(Self.allows(pattern, path))
    }

    @Test(arguments: [
        ("/a/b", "/a/b/c"), ("/a/*", "/a/b/c"), ("/a/?", "/a/"), ("/a/?", "/a//"), ("/a", "/b"), ("/*/c", "/a/b/c"),
        ("/**/x/*.o", "/a/x/b/c.o"), ("", "/a"),
    ])
    func patternsDoNotMatch(pattern: String, path: String) {
        #expect(!Self.allows(pattern, path))
    }

    @Test func aPatternOfManyStarsEndsSoon() {
        let pattern = String(repeating: "/**/*a*", count: 12) + "/b"
        #expect(!Self.allows(pattern, String(repeating: "/aaaaaaaaaa", count: 200)))
    }

    @Test func anEntrypointWithoutASlashCanBeAllowed() throws {
        let policy = ArtifactPolicy(rules: [.init(kind: .entrypointMissing, pattern: "tool")])
        var layout = LayoutBuilder()
        layout.add(
            .init(
                architecture: "arm64", layers: [LayoutBuilder.layer("arm64")],
                execution: #"{"Entrypoint":["tool"],"Env":["PATH=/none"]}"#))
        layout.finish()
        let archive = layout.archive
        for (policy, kinds) in [(policy, []), (.standard, [ArtifactFault.Kind.entrypointMissing])] {
            let evidence = try ArtifactInspector(policy: policy).inspect(MemorySource(archive, name: "archive"))
            #expect(evidence.faults.map(\.kind) == kinds)
        }
    }
}
