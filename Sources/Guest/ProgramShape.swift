public import Binfmt
import ELF

/// A kind of program, as far as an entry's magic can tell one from another.
public struct ProgramShape: Sendable, Equatable {
    /// `ET_EXEC, System V`
    public var name: String
    /// What a program of this kind begins with.
    public var header: [UInt8]
}

extension Guest {
    /// Every kind that a working handler must take: fixed and position-independent, of System V and of GNU.
    public var shapes: [ProgramShape] {
        [("ET_EXEC", ELFType.executable), ("ET_DYN", .shared)].flatMap { name, type in
            [ELFOSABI.systemV, .gnu].map { abi in
                ProgramShape(name: "\(name), \(abi)", header: header(type: type, osABI: abi))
            }
        }
    }
}

extension Handler {
    /// The entry that has a guest's programs run.
    ///
    /// - Parameter name: nil: the usual one.
    public init(for guest: Guest, name: String? = nil, interpreter: String, flags: String) {
        self.init(
            name: name ?? guest.emulator, interpreter: interpreter, flags: flags, magic: guest.magic, mask: guest.mask)
    }

    /// The kinds of a guest's programs that its magic and mask match, were it enabled and the only entry.
    public func shapes(of guest: Guest) -> [ProgramShape] { guest.shapes.filter { matches($0.header) } }

    /// Whether it takes some program of a guest, were it enabled and the only entry.
    public func takes(_ guest: Guest) -> Bool { guest.shapes.contains { matches($0.header) } }

    /// What it takes, in words: of a guest's programs all or some, or other files.
    public func words(for guest: Guest) -> String {
        let taken = shapes(of: guest)
        guard !taken.isEmpty else { return recognition.description }
        let broad = matches(Guest.native.header()) ? ", and this host's own programs" : ""
        guard taken.count < guest.shapes.count else { return guest.name + broad }
        return "\(guest.name), only \(taken.map(\.name).joined(separator: "; "))\(broad)"
    }
}

extension Registry {
    /// The entry that takes each kind of a guest's programs, as the kernel chooses.
    public func winners(for guest: Guest) -> [(shape: ProgramShape, handler: Handler)] {
        guest.shapes.compactMap { shape in handler(for: shape.header).map { (shape, $0) } }
    }

    /// Enabled entries whose magic matches some program of a guest, newest first: the first of them wins.
    public func takers(of guest: Guest) -> [Handler] {
        state == .enabled ? handlers.filter { $0.enabled && $0.takes(guest) } : []
    }
}

extension BootConfiguration {
    /// What takes a guest's programs after a boot.
    public func winner(for guest: Guest) -> BootEntry? { afterBoot.last { $0.handler.takes(guest) } }
}
