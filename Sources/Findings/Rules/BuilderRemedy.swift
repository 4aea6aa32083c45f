import Evidence
import Guest

/// What to type about a builder, in the words of its own tool.
struct BuilderRemedy {
    let evidence: BuilderEvidence

    private var name: String { evidence.builder }
    private var driver: String { evidence.survey.driver ?? "" }
    /// The name of one of buildx's own builders; nil for the current one.
    private var instance: String? { name.hasPrefix("buildx:") ? String(name.dropFirst(7)) : nil }
    /// The same for a command line.
    private var instanceWord: String { instance.map { " " + shellQuoted($0) } ?? "" }

    /// How to get a tool that is not installed.
    var install: String {
        switch name {
        case "docker": "apt-get install -y docker.io"
        case "podman": "apt-get install -y podman"
        case "buildctl":
            "unpack a release of https://github.com/moby/buildkit into /usr/local; distributions have no package"
        default:
            name.hasPrefix("buildx")
                ? "install the plugin: docker-buildx-plugin of docker's packages, docker-buildx of newer Debian"
                : "apt-get install -y buildah"
        }
    }

    /// - Parameters:
    ///   - endpoint: where no daemon answers.
    ///   - reason: what is known about it.
    func reach(_ endpoint: String, _ reason: String) -> String {
        // A daemon that took the connection and never answered.
        if reason.contains("no end within") {
            return
                "restart \(place) at \(endpoint)\(place == "dockerd" ? ": systemctl restart docker" : ""); see its log first"
        }
        if endpoint.hasPrefix("kubernetes://") || driver == "kubernetes" {
            return "kubectl cluster-info, then docker buildx inspect --bootstrap\(instanceWord)"
        }
        if endpoint.hasPrefix("ssh://") {
            return
                "ssh \(shellQuoted(String(endpoint.dropFirst(6)))) docker version; the key and docker must work there"
        }
        if name == "buildctl" { return reachBuildkitd(endpoint, reason) }
        if driver == "remote" {
            let tls =
                endpoint.hasPrefix("tcp://")
                ? "; for TLS create it with --driver-opt cacert=FILE,cert=FILE,key=FILE" : ""
            return
                "start buildkitd so that it listens at \(endpoint), then docker buildx inspect --bootstrap\(instanceWord)\(tls)"
        }
        if let export = reason.firstRange(of: "export DOCKER_HOST=") { return String(reason[export.lowerBound...]) }
        if reason.contains("may not use this socket") {
            return "usermod -aG docker USER, and log in again; or run as root"
        }
        if endpoint.hasPrefix("tcp://") {
            return
                "export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=DIRECTORY where the daemon wants TLS; start dockerd there"
        }
        if endpoint.hasPrefix("context ") { return "docker context ls, then docker context use NAME" }
        return FindingCode.builderUnreachable.entry.remedy
    }

    private func reachBuildkitd(_ endpoint: String, _ reason: String) -> String {
        let options =
            "assay builders --builder buildctl --builder-option tlsdir=DIRECTORY (ca.pem, cert.pem, key.pem)"
        let said = reason.lowercased()
        if ["tls", "certificate", "x509", "server preface"].contains(where: said.contains) { return options }
        if endpoint.hasPrefix("tcp://") {
            return "start buildkitd --addr \(endpoint) there; where it wants TLS: \(options)"
        }
        if endpoint.hasPrefix("docker-container://") {
            return "docker start \(shellQuoted(String(endpoint.dropFirst("docker-container://".count))))"
        }
        return reason.contains("may not use this socket")
            ? "run as root, or start buildkitd with --group and join that group"
            : "systemctl start buildkit (or buildkitd &), or export BUILDKIT_HOST=unix://SOCKET of the one that runs"
    }

    /// Has the builder look at its host's handlers again; nil if it does so by itself.
    var listAgain: String? {
        switch (name, driver) {
        case ("docker", _), (_, "docker"): nil
        case ("buildctl", _): "list again after 20 seconds (buildctl debug workers), else restart buildkitd"
        case (_, "docker-container"), (_, "kubernetes"):
            "docker buildx stop\(instanceWord) && docker buildx inspect --bootstrap\(instanceWord)"
        case (_, "remote"): "restart the buildkitd at \(evidence.survey.endpoint ?? "its endpoint")"
        default: nil
        }
    }

    /// Makes a builder list a platform that its host cannot run yet.
    var addPlatform: String {
        let then = listAgain.map { ", then: \($0)" } ?? ""
        return "register the handler where \(place) runs (assay handler install --persist\(platform) there)\(then)"
    }

    /// The option that names the guest, where that is not the one that is meant otherwise.
    private var platform: String { evidence.guest.namedPlatform.map { " --platform \($0)" } ?? "" }

    /// What runs the steps.
    private var place: String {
        switch (name, driver) {
        case ("docker", _), (_, "docker"): "dockerd"
        case ("buildctl", _), (_, "remote"): "buildkitd"
        case (_, "docker-container"): "the node's container"
        case (_, "kubernetes"): "the node's pod"
        default: name
        }
    }

    /// Makes room where the builder keeps what it builds.
    var room: String {
        let clean =
            switch (name, driver) {
            case ("docker", _), (_, "docker"): "docker system df, then docker builder prune"
            case ("buildctl", _): "buildctl du, then buildctl prune"
            case ("buildah", _): "df -h of TMPDIR and the storage (buildah info), then buildah prune"
            case ("podman", _): "df -h of TMPDIR and the storage (podman info), then podman image prune"
            default:
                "docker buildx du, then docker buildx prune\(instance.map { " --builder \(shellQuoted($0))" } ?? "")"
            }
        return "make room where \(place) keeps its data: \(clean)"
    }

    /// What to type about another host: nothing here mends it.
    func there(_ code: FindingCode) -> String {
        let endpoint = evidence.survey.endpoint.map { " (\($0))" } ?? ""
        let command = (code == .handlerMissing ? "assay handler install --persist" : "assay host --fix") + platform
        return "copy assay to the host where \(place) runs\(endpoint), and type there: \(command)"
    }

    /// Where the image of a builder's own node may come from without docker.io.
    var image: String {
        let name = instance.map(shellQuoted) ?? "NAME"
        return "docker load -i buildkit.tar on this host; or take it from a mirror: assay builders create \(name) "
            + "--image REGISTRY/moby/buildkit:buildx-stable-1 --buildkitd-config buildkitd.toml "
            + "([registry.\"docker.io\"] mirrors = [\"REGISTRY\"]); or use buildah"
    }
}
