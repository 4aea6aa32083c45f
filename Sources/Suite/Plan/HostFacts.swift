import Binfmt
import Builders
import Files
import Glibc
import Guest
import Host
import Operations
import Processes
import Sandbox
import ScenarioFormat
import SystemPackage

/// Facts about the host that a scenario may require.
struct HostFacts {
    let guest: Guest
    private let isRoot = isPrivileged()
    private let release = KernelNames.release

    /// Why the requirements are not met; nil if they are.
    ///
    /// - Parameter directory: the base of relative paths.
    /// - Throws: `CallFailure` if a fact could not be read.
    func obstacle(_ requirements: Scenario.Requirements, in directory: String) throws -> String? {
        if requirements.needsRoot && !isRoot { return "needs root (CAP_SYS_ADMIN)" }
        for builder in requirements.builders where BuilderCatalogue.driver(builder)?.isInstalled != true {
            return "needs the builder \(builder), which is not installed"
        }
        for image in requirements.images {
            if let reason = SuiteImages.obstacle(SuiteImages.resolved(image, in: directory), for: guest) {
                return reason
            }
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
        if let size = requirements.memory, let bytes = Quantity.bytes(size) {
            let memory = try memory
            if memory < bytes { return "needs \(size) of memory; this machine has \(memory >> 20) MiB" }
        }
        return nil
    }

    /// The machine's memory in bytes, from proc_meminfo(5): sysconf(3) does not tell whether sysinfo(2) failed.
    private var memory: UInt64 {
        get throws {
            let path = "/proc/meminfo"
            let text = try CallFailure.naming("open and read \(path)") { try WholeFile.read(path, limit: 64 << 10) }
            let words = String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\n" }
            guard words.first == "MemTotal:", words.count > 1, let kibibytes = UInt64(words[1]),
                kibibytes < UInt64.max >> 10
            else { throw MalformedInput("\(path): line 1: expected MemTotal in kB, found something else") }
            return kibibytes << 10
        }
    }
}
