import Archive
import Evidence
import Findings
import Glibc
import Processes
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("The buildah driver") struct BuildahTests {
    @Test("the version is the third word that buildah says") func version() {
        let words = "buildah version 1.28.2 (image-spec 1.0.2, runtime-spec 1.0.2-dev)\n"
        #expect(Version.third(of: words) == "1.28.2")
        #expect(Version.third(of: "podman version 4.3.1\n") == "4.3.1")
        #expect(Version.third(of: "Docker version 20.10.24+dfsg1, build 297e128") == "20.10.24+dfsg1")
        #expect(Version.third(of: "nonsense") == nil)
        #expect(Version.third(of: "") == nil)
    }

    @Test("versions are compared as numbers") func order() {
        #expect(Version.isOlder("20.10.24+dfsg1", than: "23"))
        #expect(Version.isOlder("1.9", than: "1.23"))
        #expect(!Version.isOlder("1.23.0", than: "1.23") && !Version.isOlder("28.2.2", than: "23"))
        #expect(Version.obstacle("buildah", "1.19.6", oldest: "1.23")?.reason.contains("older than 1.23") == true)
        #expect(Version.obstacle("buildah", nil, oldest: "1.23") == nil)
    }

    @Test(
        "a build that was given no version is unknown, not old",
        arguments: ["0.0.0+unknown", "dev", "", "?", "2951a28", "a0b1c2d", "HEAD"])
    func unknown(version: String) {
        #expect(!Version.isOlder(version, than: "0.11"))
        #expect(Version.obstacle("buildctl", version, oldest: "0.11") == nil)
        #expect(Version.lacksHeredocs(Buildctl(), version) == nil)
    }

    @Test("it keeps its storage in the work directory", .enabled(if: Buildah().isInstalled, "buildah is not here"))
    func steps() throws {
        let request = BuildRequest(
            context: "/c", platforms: ["linux/amd64", "linux/arm64"], arguments: ["ASSAY_NONCE": "ab"], work: "/w",
            label: "assay-1", timeout: .seconds(5))
        let job = try #require(Buildah().jobs(request, BuilderSurvey()).first)
        let steps = job.steps
        #expect(steps.count == 2)
        for step in steps {
            #expect(step.timeout == .seconds(5))
            for option in ["--root", "/w/storage", "--runroot", "/w/run"] { #expect(step.arguments.contains(option)) }
            #expect(step.environment["TMPDIR"] == "/w/tmp")
        }
        #expect(steps[0].arguments.contains("linux/amd64,linux/arm64") && steps[0].arguments.contains("ASSAY_NONCE=ab"))
        #expect(steps[1].arguments.last == "oci-archive:\(job.output)")
        #expect(job.output.starts(with: "/w") && job.platforms == request.platforms)
    }

    @Test("a program is found as a shell would find it") func path() throws {
        #expect(Tool.find("sh")?.lastComponent == "sh")
        #expect(Tool.find("there-is-no-such-program") == nil)
        // `/bin` is a link to `/usr/bin`: one program, by two paths.
        #expect(
            Tool.all("sh").count
                == Set(Tool.all("sh").map { realpath($0.string, nil).map { String(cString: $0) } }).count)
    }
}
