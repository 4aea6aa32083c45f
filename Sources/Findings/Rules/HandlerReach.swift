import Binfmt
import ELF
import Guest

/// Which ELF files an entry takes, by its magic and mask: each byte of the header is either free, or limited to the
/// values that the mask allows.
///
/// Offsets: <https://www.sco.com/developers/gabi/latest/ch4.eheader.html>.
struct HandlerReach {
    private let offset: Int
    private let magic: [UInt8]
    private let mask: [UInt8]

    /// Nil for an entry by file name, and for an entry that takes no ELF file.
    init?(_ handler: Handler) {
        guard case .magic(let offset, let magic, let mask) = handler.recognition else { return nil }
        self.offset = offset
        self.magic = magic
        self.mask = mask
        guard ELFHeader.magic.enumerated().allSatisfy({ takes($1, at: $0) }) else { return nil }
    }

    private func takes(_ byte: UInt8, at place: Int) -> Bool {
        let index = place - offset
        guard magic.indices.contains(index) else { return true }
        return (byte ^ magic[index]) & (index < mask.count ? mask[index] : 0xff) == 0
    }

    private var classes: [ELFClass] { [.bits32, .bits64].filter { takes($0.rawValue, at: 4) } }
    private var orders: [ELFByteOrder] { [.little, .big].filter { takes($0.rawValue, at: 5) } }

    private func takes(_ value: UInt16, at place: Int, _ order: ELFByteOrder) -> Bool {
        let (low, high) = (UInt8(truncatingIfNeeded: value), UInt8(value >> 8))
        return takes(order == .little ? low : high, at: place) && takes(order == .little ? high : low, at: place + 1)
    }

    /// The values of `e_machine` that it takes and a guest's usual entry does not, as ranges.
    private func machines(but guest: Guest) -> [ClosedRange<UInt16>] {
        let order = guest.target.byteOrder
        let own = guest.target.machine.rawValue
        if let only = onlyMachine(order) { return only == own ? [] : [only...only] }
        let bytes = guest.mask[18...19].map(UInt16.init)
        let mask = order == .little ? bytes[1] << 8 | bytes[0] : bytes[0] << 8 | bytes[1]
        var found: [ClosedRange<UInt16>] = []
        for value in UInt16.min...UInt16.max where (value ^ own) & mask != 0 && takes(value, at: 18, order) {
            if let last = found.last, last.upperBound &+ 1 == value {
                found[found.count - 1] = last.lowerBound...value
            } else {
                found.append(value...value)
            }
        }
        return found
    }

    /// The only value, if the mask covers all of `e_machine`. Saves trying all values.
    private func onlyMachine(_ order: ELFByteOrder) -> UInt16? {
        let places = [18 - offset, 19 - offset]
        guard places.allSatisfy({ magic.indices.contains($0) && ($0 >= mask.count || mask[$0] == 0xff) }) else {
            return nil
        }
        let (first, second) = (UInt16(magic[places[0]]), UInt16(magic[places[1]]))
        return order == .little ? second << 8 | first : first << 8 | second
    }

    /// The named values of `e_type` that it takes, except those of programs.
    private func otherTypes(_ order: ELFByteOrder) -> [String] {
        [(UInt16(0), "ET_NONE"), (1, "ET_REL"), (4, "ET_CORE")].filter { takes($0.0, at: 16, order) }.map(\.1)
    }

    private func isOnlyMachine(_ guest: Guest) -> Bool {
        takes(guest.target.machine.rawValue, at: 18, guest.target.byteOrder) && machines(but: guest).isEmpty
    }

    func takesOtherPrograms(than guest: Guest) -> Bool {
        classes != [guest.target.elfClass] || orders != [guest.target.byteOrder]
            || !isOnlyMachine(guest)
    }

    func isOnly(_ guest: Guest) -> Bool {
        !takesOtherPrograms(than: guest) && otherTypes(guest.target.byteOrder).isEmpty
    }

    /// What it takes besides the guest's programs, for people.
    func beside(_ guest: Guest) -> [String] {
        let target = guest.target
        var found: [String] = []
        let others = machines(but: guest).map(Self.words)
        if !others.isEmpty {
            let shown = others.prefix(Self.most).joined(separator: ", ")
            let host = Guest.native.target.machine
            let ownTaken = takes(host.rawValue, at: 18, target.byteOrder) && host != target.machine
            found.append(
                "e_machine \(shown)"
                    + (others.count > Self.most ? " and \(others.count - Self.most) more intervals" : "")
                    + (ownTaken ? ", this host's own programs (\(host)) among them" : ""))
        }
        found += classes.filter { $0 != target.elfClass }.map { "\($0 == .bits32 ? "32" : "64")-bit files (EI_CLASS)" }
        found += orders.filter { $0 != target.byteOrder }.map { "\($0) files (EI_DATA)" }
        let types = otherTypes(target.byteOrder)
        if !types.isEmpty { found.append("e_type \(types.joined(separator: ", "))") }
        return found
    }

    private static let most = 6

    private static func words(_ range: ClosedRange<UInt16>) -> String {
        let low = ELFMachine(rawValue: range.lowerBound)
        let number = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        if range.count == 1 { return "\(low)".hasPrefix("machine ") ? number : "\(number) (\(low))" }
        let named =
            range.count < 64 ? range.map { "\(ELFMachine(rawValue: $0))" }.filter { !$0.hasPrefix("machine ") } : []
        return named.isEmpty ? number : "\(number) (\(named.prefix(4).joined(separator: ", ")))"
    }
}
