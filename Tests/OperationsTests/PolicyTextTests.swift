import Evidence
import OCI
import Operations
import Testing

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
        ("allow a b c", 1), ("allow artifact-digest-mismatch /a", 1),
    ])
    func aLineThatIsNoRuleIsNamed(text: String, line: Int) {
        let error = #expect(throws: ArtifactPolicy.ParseError.self) { try ArtifactPolicy(parsing: text) }
        #expect(error?.line == line)
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
