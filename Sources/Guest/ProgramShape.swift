public import Binfmt
import ELF

/// A kind of program that an entry's magic can tell from others.
public struct ProgramShape: Sendable, Equatable {
    /// For people: `ET_EXEC, System V`.
    public var name: String
    /// The first bytes of such a program.
    public var header: [UInt8]
}

extension Guest {
    /// Every kind that a working handler must take: position-dependent and position-independent, of System V and of
    /// GNU.
    public var shapes: [ProgramShape] {
        [("ET_EXEC", ELFType.executable), ("ET_DYN", .shared)].flatMap { name, type in
            [ELFOSABI.systemV, .gnu].map { abi in
                ProgramShape(name: "\(name), \(abi)", header: header(type: type, osABI: abi))
            }
        }
    }
}

extension Handler {
    /// Whether it starts the guest's emulator, whatever files it takes: an entry that somebody meant for the guest.
    public func startsEmulator(of guest: Guest) -> Bool {
        let file = interpreter?.split(separator: "/").last ?? ""
        return file == guest.emulator || file.hasPrefix(guest.emulator + "-") || file.hasPrefix(guest.qemu + "-")
    }

    /// The entry that runs a guest's programs.
    ///
    /// - Parameter name: the entry's name; nil: the usual one.
    public init(for guest: Guest, name: String? = nil, interpreter: String, flags: String) {
        self.init(
            name: name ?? guest.emulator, interpreter: interpreter, flags: flags, magic: guest.magic, mask: guest.mask)
    }

    /// The kinds of a guest's programs that its magic and mask match, if it were enabled and the only entry.
    public func shapes(of guest: Guest) -> [ProgramShape] { guest.shapes.filter { matches($0.header) } }

    /// Whether it takes some program of a guest, if it were enabled and the only entry.
    public func takes(_ guest: Guest) -> Bool { guest.shapes.contains { matches($0.header) } }

    /// What it takes, for people: all or some of a guest's programs, or other files.
    public func words(for guest: Guest) -> String {
        let taken = shapes(of: guest)
        guard !taken.isEmpty else { return recognition.description }
        let broad = matches(Guest.native.header()) ? ", and this host's own programs" : ""
        guard taken.count < guest.shapes.count else { return guest.name + broad }
        return "\(guest.name), only \(taken.map(\.name).joined(separator: "; "))\(broad)"
    }
}

extension Registry {
    /// The entry that the kernel chooses for each kind of a guest's programs. A kind without an entry is missing.
    public func winners(for guest: Guest) -> [(shape: ProgramShape, handler: Handler)] {
        guest.shapes.compactMap { shape in handler(for: shape.header).map { (shape, $0) } }
    }

    /// The enabled entries whose magic matches some program of a guest, newest first. The first one wins.
    public func takers(of guest: Guest) -> [Handler] {
        state == .enabled ? handlers.filter { $0.enabled && $0.takes(guest) } : []
    }
}

extension BootConfiguration {
    /// The entry that takes a guest's programs after a boot.
    public func winner(for guest: Guest) -> BootEntry? { afterBoot.last { $0.handler.takes(guest) } }

    /// The service that shall register the entry, so that it takes the guest's programs after a boot. `update-binfmts`
    /// if it can: somebody installed it on purpose. Nil if no service runs, or if another entry would take them.
    public func registrar(for wanted: Handler, of guest: Guest) -> BootRegistrar? {
        awake.reversed().first { registrar in
            adding(wanted, by: registrar).winner(for: guest)?.path == Self.path(of: wanted.name, by: registrar)
        }
    }
}
