import Files
import FoundationEssentials
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
        let drivers = names(in: storage).filter { $0.hasSuffix("-containers") }.map { storage.appending($0) }
        return drivers.flatMap { driver in
            names(in: driver).filter { id in
                let path = driver.appending(id).appending("userdata/buildah.json").string
                // Who changes the storage meanwhile may have removed it.
                guard let bytes = try? WholeFile.read(path, limit: 1 << 20),
                    let record = try? JSONDecoder().decode(Record.self, from: Data(bytes)),
                    let run = record.arguments?[argument]
                else { return false }
                return label == nil || run == label
            }
        }
    }

    private static func names(in directory: FilePath) -> [String] {
        ((try? DirectoryListing.names(in: directory.string)) ?? []).sorted()
    }
}
