import Findings
import Sandbox
import SystemPackage
import Testing

@testable import Builders

/// The real tool was not at hand: Debian has none. `Tests/Transcripts/README.md` says where the text is from.
@Suite("What buildctl says, by its source") struct BuildctlTests {
    @Test("workers are nodes, and what they list they have detected") func workers() throws {
        let nodes = Buildctl.nodes(try Transcript.bytes("buildctl-0.11-debug-workers.json"))
        let node = try #require(nodes.first)
        #expect(nodes.count == 1 && node.name == "arw1g9hrf1gyogbj9q07r7bz3" && node.status == "running")
        let names = ["linux/amd64", "linux/amd64/v2", "linux/amd64/v3", "linux/amd64/v4", "linux/386"]
        #expect(node.platforms == names.map { BuilderPlatform(name: $0, isDeclared: false) })
    }

    @Test(
        "what is not that list is no worker", arguments: ["", "null", "[]", "{}", "ID\tPLATFORMS\n", "[{\"ID\": 1}]"])
    func noWorkers(text: String) {
        #expect(Buildctl.nodes(Array(text.utf8)).isEmpty)
    }

    @Test("a worker without platforms is a node that lists none") func noPlatforms() {
        let nodes = Buildctl.nodes(Array(#"[{"id": "a", "labels": null, "platforms": null, "gcPolicy": null}]"#.utf8))
        #expect(nodes == [BuilderNode(name: "a", status: "running", platforms: [])])
    }

    @Test("the cache's ids are apart by spaces, with a line's end after them") func ids() {
        #expect(Buildctl.ids("mkc2l6guvrgl5f193q9gx778u wa8gx348tg9h2ags1hy0rfdxe \n").count == 2)
        #expect(Buildctl.ids("\n").isEmpty)
    }
}
