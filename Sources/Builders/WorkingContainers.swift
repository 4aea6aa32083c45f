import Files
import FoundationEssentials
import Glibc
import Processes
import SystemPackage

/// The containers in which buildah and podman execute RUN steps. A build that is ended before its time leaves them in the user's storage, mounted.
///
/// They have no label. Their build arguments are only in buildah's own record of each, which no command prints.
enum WorkingContainers {
    /// The build argument that names the run in such a record.
    static let argument = "ASSAY_RUN"

    private struct Record: Decodable {
        var arguments: [String: String]?

        private enum CodingKeys: String, CodingKey { case arguments = "Args" }
    }

    /// The ids of containers that a run of Assay had made.
    ///
    /// - Parameter label: the run's; nil for any run's.
    static func ids(in storage: FilePath, label: String?) -> [String] {
        drivers(in: storage).flatMap { driver in
            names(in: driver).filter { id in
                let path = recordPath(id, driver)
                // Who changes the storage meanwhile may have removed it.
                guard let bytes = try? WholeFile.read(path, limit: 1 << 20),
                    let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)),
                    let run = record.arguments?[argument]
                else { return false }
                return label == nil || run == label
            }
        }
    }

    private struct Stored: Decodable {
        var id: String
        var names: [String]?
        var created: String?
    }

    /// The ids of buildah's containers that were made since a moment, and of which buildah has written no record yet: a build that was
    /// ended between the two leaves such a one, and nothing tells whose it is.
    static func unrecorded(in storage: FilePath, since begun: Timestamp) -> [String] {
        // Both times are UTC by RFC 3339, to the second.
        let begun = begun.text.prefix(19)
        return drivers(in: storage).flatMap { driver -> [String] in
            ["containers.json", "volatile-containers.json"].flatMap { file -> [String] in
                guard let bytes = try? WholeFile.read(driver.appending(file).string, limit: 16 << 20),
                    let all = try? JSONDecoder().decode([Stored].self, from: Data(bytes))
                else { return [] }
                return all.filter { one in
                    one.names?.contains { $0.contains("working-container") } == true
                        && one.created.map { $0.prefix(19) >= begun } == true
                        && access(recordPath(one.id, driver), F_OK) != 0
                }.map(\.id)
            }
        }
    }

    /// The directories of the storage's drivers that hold containers.
    private static func drivers(in storage: FilePath) -> [FilePath] {
        names(in: storage).filter { $0.hasSuffix("-containers") }.map { storage.appending($0) }
    }

    /// Where buildah records a container.
    private static func recordPath(_ id: String, _ driver: FilePath) -> String {
        driver.appending(id).appending("userdata/buildah.json").string
    }

    private static func names(in directory: FilePath) -> [String] {
        ((try? DirectoryListing.names(in: directory.string)) ?? []).sorted()
    }
}
