import Evidence
import OCI
import Operations
import Testing

@testable import Findings

@Suite struct PolicyTextTests {
    @Test func aRuleNamesAFindingAndAPath() throws {
        let text =
            "allow /opt/test/** # data\nallow artifact-loader-missing /bin/tool\nallow artifact-entrypoint-missing tool\n"
        #expect(
            try ArtifactPolicy(parsing: text).rules.dropFirst(ArtifactPolicy.standard.rules.count) == [
                .init(kind: .foreignBinary, pattern: "/opt/test/**"),
                .init(kind: .loaderMissing, pattern: "/bin/tool"), .init(kind: .entrypointMissing, pattern: "tool"),
            ])
    }

    @Test(arguments: [
        ("allow\n", 1), ("# fine\n\nforbid /a\n", 3), ("allow relative", 1),
        ("allow artifact-loader-missing relative", 1), ("allow artifact-unheard-of /a", 1),
        ("allow a b c", 1), ("allow \"/opt/a", 1), ("allow /opt/My App/tool", 1),
        ("allow artifact-digest-mismatch /a", 1),
    ])
    func aLineThatIsNoRuleIsNamed(text: String, line: Int) {
        let error = #expect(throws: ArtifactPolicy.ParseError.self) { try ArtifactPolicy(parsing: text) }
        #expect(error?.line == line)
    }

    @Test("in quotes blanks, comments and wildcards stand for themselves") func quotes() throws {
        let text = #"""
            allow "/opt/My App/a#b*" # c
            allow artifact-loader-missing "/a\"b\\c\d"
            allow /opt/a#b
            """#
        #expect(
            try ArtifactPolicy(parsing: text).rules.dropFirst(ArtifactPolicy.standard.rules.count) == [
                .init(kind: .foreignBinary, pattern: "/opt/My App/a#b*", isLiteral: true),
                .init(kind: .loaderMissing, pattern: #"/a"b\c\d"#, isLiteral: true),
                .init(kind: .foreignBinary, pattern: "/opt/a#b"),
            ])
        let policy = try ArtifactPolicy(parsing: "allow \"/opt/a*\"")
        func isAllowed(_ path: String) -> Bool {
            policy.allows(ArtifactFault(kind: .foreignBinary, path: path, expected: "arm64", found: "amd64"))
        }
        #expect(isAllowed("/opt/a*") && !isAllowed("/opt/ab"))
    }

    @Test(
        "the line that a remedy gives allows its file and no other",
        arguments: ["/opt/tool", "/opt/My App/a#b", "/a\"b\\c", "/opt/a*?", "/#a"])
    func printed(path: String) throws {
        let fault = ArtifactFault(kind: .foreignBinary, path: path, expected: "arm64", found: "amd64")
        let remedy = try #require(FaultWords(artifact: "image").text([fault]).remedy)
        let line = try #require(remedy.split(separator: "with the line: ").last)
        let rule = try #require(try ArtifactPolicy(parsing: String(line)).rules.last)
        #expect(rule.kind == .foreignBinary && rule.pattern == path)
        #expect(rule.isLiteral || !path.contains { "*?".contains($0) })
    }

    @Test("the line ends of Windows end a line, behind a comment too") func carriageReturns() throws {
        let text = "# c\r\nallow /opt/a # d\r\n\r\nallow /opt/b\r\n"
        let policy = try ArtifactPolicy(parsing: text)
        #expect(policy.rules.suffix(2).map(\.pattern) == ["/opt/a", "/opt/b"])
        let error = #expect(throws: ArtifactPolicy.ParseError.self) {
            try ArtifactPolicy(parsing: "# c\r\nforbid /a\r\n")
        }
        #expect(error?.line == 2)
    }
}
