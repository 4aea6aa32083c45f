import Evidence
import Files
import Guest
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("A builder that is created") struct BuildxCreationTests {
    /// - Parameter inspect: what `docker buildx inspect --bootstrap` does.
    /// - Returns: what went wrong, and the words of `create` and `rm`.
    private func create(
        _ recipe: BuildxCreation.Recipe, inspect: String
    ) throws -> (result: BuilderEvidence.Result?, words: [String]) {
        let script = """
            case "$2" in
            version) echo github.com/docker/buildx v0.29.1 x ;;
            create|rm) echo "$*" >>words ;;
            inspect) \(inspect) ;;
            esac
            """
        return try ScriptedTool.with(script) { program, runner in
            let creation = BuildxCreation(name: "mine", for: .arm64, recipe: recipe, programs: [program])
            let result = creation.perform(in: runner.work)
            let words = try WholeFile.read(runner.work.appending("words").string, limit: 4096)
            return (result, String(decoding: words, as: UTF8.self).split(separator: "\n").map(String.init))
        }
    }

    private let running = "printf 'Name: mine\\nDriver: x\\n\\nNodes:\\nName: mine0\\nStatus: running\\n'"

    @Test("image, options, configuration and flags are passed on") func container() throws {
        var recipe = BuildxCreation.Recipe()
        recipe.image = "registry:5000/moby/buildkit:buildx-stable-1"
        recipe.options = ["network=host"]
        recipe.configuration = "/etc/hostname"
        recipe.flags = "--oci-worker-no-process-sandbox"
        let (result, words) = try create(recipe, inspect: running)
        #expect(result == nil)
        #expect(
            words == [
                "buildx create --name mine --driver docker-container --platform linux/amd64,linux/arm64 "
                    + "--driver-opt image=registry:5000/moby/buildkit:buildx-stable-1 --driver-opt network=host "
                    + "--config /etc/hostname --buildkitd-flags --oci-worker-no-process-sandbox"
            ])
    }

    @Test("a remote daemon that does not answer is out of reach, and no builder is left") func remote() throws {
        var recipe = BuildxCreation.Recipe()
        recipe.driver = "remote"
        recipe.endpoint = "tcp://far:1234"
        recipe.options = ["cacert=/ca.pem"]
        let (result, words) = try create(recipe, inspect: "echo 'ERROR: dial tcp: connection refused' >&2; exit 1")
        guard case .unusable(.unreachable("tcp://far:1234", let reason)) = result else {
            Issue.record("expected unreachable, found \(String(describing: result))")
            return
        }
        #expect(reason == "ERROR: dial tcp: connection refused")
        #expect(words.first?.hasSuffix("--driver-opt cacert=/ca.pem tcp://far:1234") == true)
        #expect(words.last == "buildx rm --force mine")
    }

    @Test("an image that cannot be had is named, for every driver", arguments: ["docker-container", "kubernetes"])
    func image(driver: String) throws {
        var recipe = BuildxCreation.Recipe()
        recipe.driver = driver
        let (result, _) = try create(recipe, inspect: "echo 'ERROR: pull access denied for moby/buildkit' >&2; exit 1")
        guard case .unusable(.imageUnavailable) = result else {
            Issue.record("expected the image, found \(String(describing: result))")
            return
        }
    }

    @Test("what cannot be asked for together is refused") func contradictions() {
        var recipe = BuildxCreation.Recipe()
        #expect(recipe.contradiction(in: "mine") == nil)
        recipe.driver = "remote"
        #expect(recipe.contradiction(in: "mine")?.contains("--endpoint") == true)
        recipe.endpoint = "unix:///s"
        #expect(recipe.contradiction(in: "mine") == nil)
        recipe.configuration = "/etc/hostname"
        #expect(recipe.contradiction(in: "mine")?.contains("its own") == true)
        recipe.configuration = "/nowhere/buildkitd.toml"
        #expect(recipe.contradiction(in: "mine")?.contains("/nowhere/buildkitd.toml") == true)
        recipe.configuration = nil
        for name in ["", "a b", "1a", "é", "a/b"] { #expect(recipe.contradiction(in: name)?.contains("name") == true) }
        recipe.driver = "cloud"
        #expect(recipe.contradiction(in: "mine")?.contains("\"cloud\"") == true)
    }
}
