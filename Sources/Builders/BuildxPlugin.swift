import Evidence
import FoundationEssentials
import Glibc
import Processes
import Sandbox
import SystemPackage

/// docker's buildx plugin, where its command line looks for it.
enum BuildxPlugin {
    static var path: FilePath? {
        let home = Tool.variable("HOME") ?? "/root"
        let own = (Tool.variable("DOCKER_CONFIG") ?? "\(home)/.docker") + "/cli-plugins"
        let places =
            [own]
            + ["/usr/local/lib", "/usr/local/libexec", "/usr/lib", "/usr/libexec"].map { "\($0)/docker/cli-plugins" }
        return places.map { FilePath($0).appending("docker-buildx") }.first { access($0.string, X_OK) == 0 }
    }

    /// Its version, from what every plugin tells about itself: docker, which would ask all plugins first, is not run.
    ///
    /// See <https://pkg.go.dev/github.com/docker/cli/cli-plugins/metadata>.
    static func version(_ runner: ToolRunner) -> String? {
        struct Metadata: Decodable {
            var version: String
            enum CodingKeys: String, CodingKey { case version = "Version" }
        }
        guard let path,
            let said = runner.answer(Tool.launch(path, ["docker-cli-plugin-metadata"], timeout: .seconds(10))),
            let found = try? JSONDecoder().decode(Metadata.self, from: Data(said.utf8))
        else { return nil }
        return String(found.version.drop { $0 == "v" })
    }
}
