import Foundation
import Testing

@testable import Findings

/// The forms in which tools and CI engines hand on the same message.
@Suite struct BuildLogFormTests {
    private static let escape = "\u{1b}"
    private static let digest = "sha256:" + String(repeating: "a1", count: 32)

    /// As BuildKit's `--progress=rawjson` writes it.
    private static func raw(_ said: String, error: String?) -> String {
        let data = Data(said.utf8).base64EncodedString()
        let end =
            error.map { ",\"completed\":\"2026-05-02T08:11:02Z\",\"error\":\"\($0)\"" }
            ?? ",\"completed\":\"2026-05-02T08:11:02Z\""
        let vertex =
            "{\"digest\":\"\(digest)\",\"name\":\"[linux/arm64 2/3] RUN apt-get update\",\"started\":\"2026-05-02T08:11:01Z\""
        return """
            {"vertexes":[\(vertex)}]}
            {"statuses":[{"id":"x","vertex":"\(digest)","name":"x","current":0,"timestamp":"2026-05-02T08:11:01Z"}]}
            {"logs":[{"vertex":"\(digest)","stream":2,"data":"\(data)","timestamp":"2026-05-02T08:11:01Z"}]}
            {"vertexes":[\(vertex)\(end)}]}

            """
    }

    static let forms: [(String, String, FindingCode?)] = [
        ("BuildKit's raw JSON", raw("exec /bin/sh: exec format error\n", error: "exit code: 1"), .handlerMissing),
        (
            "the same behind GitHub's time stamps",
            raw("exec /bin/sh: exec format error\n", error: "exit code: 1").split(separator: "\n")
                .map { "2026-05-02T08:11:01.1234567Z \($0)" }.joined(separator: "\n"), .handlerMissing
        ),
        ("raw JSON of a step that ends well", raw("exec /bin/sh: exec format error\n", error: nil), nil),
        ("raw JSON that is cut off", "{\"vertexes\":[{\"digest\":\"sha2", nil),
        (
            "BuildKit on a terminal, with colours and CRLF",
            "\(escape)[1A\(escape)[31m => ERROR [2/2] RUN /bin/true   0.2s\(escape)[0m\r\n------\r\n > [2/2] RUN /bin/true:\r\n"
                + "\(escape)[31m0.199 exec /bin/sh: exec format error\(escape)[0m\r\n------\r\n", .handlerMissing
        ),
        (
            "docker compose",
            " => ERROR [web 2/5] RUN npm ci   0.3s\n------\n > [web 2/5] RUN npm ci:\n0.256 exec /bin/sh: exec format error\n------\n"
                + "failed to solve: process \"/bin/sh -c npm ci\" did not complete successfully: exit code: 1\n",
            .handlerMissing
        ),
        (
            "Jenkins with time stamps",
            "[2026-03-01T10:00:02.000Z] Step 2/3 : RUN apt-get update\n[2026-03-01T10:00:03.000Z]  ---> Running in 0f0f\n"
                + "[2026-03-01T10:00:03.400Z] exec /bin/sh: exec format error\n", .handlerMissing
        ),
        (
            "GitLab with time stamps",
            "2026-06-03T12:00:01.000000Z 00O STEP 2/3: RUN true\n2026-06-03T12:00:01.500000Z 01E error running container: from "
                + "/usr/bin/crun creating container for [/bin/sh -c true]: exec container process `/bin/sh`: No such file or directory\n",
            .handlerNotFixed
        ),
        (
            "Tekton",
            "[build] STEP 5/6: RUN sudo true\n[build] sudo: effective uid is not 0, is /usr/bin/sudo on a file system\n",
            .handlerDropsCredentials
        ),
        (
            "nerdctl",
            "$ nerdctl run --platform linux/arm64 alpine uname\nexec /bin/uname: exec format error\nFATA[0003] exit status 1\n",
            .handlerMissing
        ),
        (
            "a registry that refuses",
            "#12 ERROR: failed to push registry.example/app:1: unexpected status from POST request: 401 Unauthorized\n",
            nil
        ),
        (
            "a certificate",
            "error: failed to solve: failed to fetch anonymous token: tls: failed to verify certificate: x509: certificate signed by unknown authority\n",
            nil
        ),
        (
            "Go code for x86-64 alone",
            "#8 [build 4/5] RUN go build ./...\n#8 3.1 package example.com/asm: build constraints exclude all Go files in /src/asm\n"
                + "#8 ERROR: process \"/bin/sh -c go build ./...\" did not complete successfully: exit code: 1\n", nil
        ),
        ("a full disk", "#9 [5/7] RUN pip install torch\n#9 60.2 ERROR: [Errno 28] No space left on device\n", nil),
        (
            "a test that fails",
            "--- FAIL: TestSum (0.00s)\nconnect ECONNREFUSED 127.0.0.1:5432\nmake: *** [Makefile:9: test] Error 1\n",
            nil
        ),
    ]

    @Test("name the same cause, or none", arguments: forms.indices) func named(index: Int) {
        let (name, log, code) = Self.forms[index]
        let found = SymptomReading(BuildLog(Array(log.utf8))).candidates.map(\.code)
        #expect(found.first == code, "\(name): \(found)")
    }
}
