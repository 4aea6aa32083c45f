import Binfmt
import ELF
import Evidence
import Files
import Glibc
import Guest
import Probes
import Sandbox
import SystemPackage

/// Runs the smallest program in the form that programs linked with GNU's C library often have, where an entry of its own
/// takes these: the probes have the other form.
struct ShapeTrial {
    let settings: Settings
    /// The directory of the core image.
    let root: FilePath
    let scratch: FilePath

    /// The offset of EI_OSABI in a program (the System V ABI, "ELF identification").
    private static let osABI = 7
    private static let largest = 8 << 20

    /// Empty where one entry takes both forms, or if the program could not be made.
    func run(_ registry: Registry) -> [ShapeEvidence] {
        let guest = settings.guest
        guard let usual = registry.handler(for: guest.header()),
            let other = registry.handler(for: guest.header(osABI: .gnu)), other.name != usual.name, let own = program()
        else { return [] }
        let run = ProbeRun(
            image: Image.coreName, guest: guest, venue: .direct, probes: ["exec.static"], root: own,
            scratch: scratch, limits: settings.limits, environment: settings.environment)
        let result = run.evidence(of: Supervisor(jobs: 1).run(run.launch))[0].result
        return [ShapeEvidence(shape: "ET_EXEC, \(ELFOSABI.gnu)", handler: other.name, result: result)]
    }

    /// A directory like the image's, with the program in its other form; nil if it could not be written.
    private func program() -> FilePath? {
        let own = scratch.appending("gnu")
        let name = ProbeRun.program.removingRoot()
        guard var bytes = try? WholeFile.read(root.pushing(name).string, limit: Self.largest), bytes.count > Self.osABI
        else { return nil }
        bytes[Self.osABI] = ELFOSABI.gnu.rawValue
        guard mkdir(own.string, 0o700) == 0, mkdir(own.pushing(name.removingLastComponent()).string, 0o700) == 0
        else { return nil }
        do {
            try WholeFile.write(bytes, to: own.pushing(name), permissions: FilePermissions(rawValue: 0o700))
        } catch { return nil }
        return own
    }
}
