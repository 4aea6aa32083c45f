import Binfmt
import ELF
import Files
import Glibc
public import Guest
import Host
import Synchronization
import SystemPackage

/// Registers an interpreter in the host's own registry for one run, for this run's programs alone: where a kernel has no private
/// registries.
///
/// The run's programs carry a random marker in the padding of `e_ident`, which the kernel and emulators ignore, and the entry's magic
/// asks for it. Entries of the usual kind, whose mask has the padding, refuse such programs. A lock on the registry, which ends with
/// the process, tells a run's entry from a killed run's.
public struct MarkedTrial: Sendable {
    /// How the entries of such runs begin.
    static let prefix = "assay-trial-"

    public let guest: Guest
    let interpreter: String
    let flags: String
    let marker: [UInt8]
    let name: String

    /// The lock of the trial that is under way in this process; -1: none.
    private static let lock = Mutex<Int32>(-1)

    public init(guest: Guest, interpreter: String, flags: String) {
        self.guest = guest
        self.interpreter = interpreter
        self.flags = flags
        marker = ELFMarker.place.map { _ in UInt8.random(in: 1...255) }
        name = Self.prefix + marker.map(\.hexadecimal).joined()
    }

    /// Why the trial cannot be made.
    public struct Impossible: Error, CustomStringConvertible {
        public let description: String
    }

    /// Registers the entry. Call `end()` afterwards, whatever happens.
    ///
    /// - Throws: `Impossible`, `RegistryError`.
    func begin() throws {
        let register = "\(Registry.standardDirectory)/register"
        let descriptor = open(register, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Impossible(
                description: "--host-registry: opening \(register): \(Errno(rawValue: errno)); it takes root")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Impossible(description: "--host-registry: another run of assay tries an interpreter in this registry")
        }
        Self.lock.withLock { $0 = descriptor }
        Self.removeEntries()
        let registry = Registry.read()
        guard registry.state == .enabled, registry.unread.isEmpty else {
            throw Impossible(description: "--host-registry: \(registry.unread.first ?? "the registry is disabled")")
        }
        var entry = Handler(for: guest, interpreter: interpreter, flags: flags)
        entry.name = name
        guard case .magic(let offset, var magic, var mask) = entry.recognition else { return }
        magic.replaceSubrange(ELFMarker.place, with: marker)
        for index in ELFMarker.place { mask[index] = 0xff }
        entry.recognition = .magic(offset: offset, magic: magic, mask: mask)
        if let other = registry.handler(for: magic) {
            throw Impossible(
                description:
                    "--host-registry: \(other.name) takes every \(guest.name) program, whatever its padding: it could not be told whose a program is"
            )
        }
        try Registry.register(entry)
        HostInspection.onlyEntry.withLock { $0 = name }
    }

    /// Removes the entry.
    func end() {
        HostInspection.onlyEntry.withLock { $0 = nil }
        Self.lock.withLock { descriptor in
            guard descriptor >= 0 else { return }
            Self.removeEntries()
            close(descriptor)
            descriptor = -1
        }
    }

    /// Removes what killed runs have left in the registry.
    static func removeAbandoned() {
        // Others may not write to it, and have left nothing.
        guard geteuid() == 0, lock.withLock({ $0 < 0 }), !entries.isEmpty else { return }
        let descriptor = open("\(Registry.standardDirectory)/register", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { removeEntries() }
    }

    private static var entries: [String] {
        ((try? DirectoryListing.names(in: Registry.standardDirectory)) ?? []).filter { $0.hasPrefix(prefix) }
    }

    /// With the lock.
    private static func removeEntries() { for name in entries { try? Registry.remove(name) } }

    /// Puts the marker into the core image's programs below `root`.
    ///
    /// - Throws: `CallFailure`.
    func mark(_ root: FilePath) throws { try ELFMarker.write(marker, to: root.appending("bin/assay-probe")) }
}
