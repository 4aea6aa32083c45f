import Binfmt
import Builders
import Glibc
import Sandbox
import SystemPackage

/// What a scenario may require, looked up once.
struct HostFacts {
    private let isRoot = isPrivileged()
    private let release = HostInspection.release
    private let memory = UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES)))) * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE))))

    /// Why the requirements are not met; nil where they are.
    ///
    /// - Parameter directory: where relative paths begin.
    func obstacle(_ requirements: Scenario.Requirements, in directory: String) -> String? {
        if requirements.needsRoot && !isRoot { return "needs root (CAP_SYS_ADMIN)" }
        for builder in requirements.builders where BuilderCatalogue.driver(builder)?.isInstalled != true {
            return "needs the builder \(builder), which is not installed"
        }
        for image in requirements.images {
            if let reason = SuiteImages.obstacle(SuiteImages.resolved(image, in: directory)) { return reason }
        }
        for program in requirements.programs where Tool.find(program) == nil {
            return "needs the program \(program), which is not in PATH"
        }
        for file in requirements.files where access(FilePath(directory).pushing(FilePath(file)).string, R_OK) != 0 {
            return "needs \(file), which is not there or cannot be read"
        }
        if let kernel = requirements.kernel,
            Quantity.version(release).lexicographicallyPrecedes(Quantity.version(kernel))
        {
            return "needs Linux \(kernel) or later; this is \(release)"
        }
        if let size = requirements.memory, let bytes = Quantity.bytes(size), memory < bytes {
            return "needs \(size) of memory; this machine has \(memory >> 20) MiB"
        }
        return nil
    }
}
