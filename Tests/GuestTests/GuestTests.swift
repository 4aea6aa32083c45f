import Binfmt
import ELF
import Guest
import Testing

@Suite("A guest") struct GuestTests {
    @Test("arm64 is registered as QEMU's qemu-binfmt-conf.sh does it") func rule() {
        let rule = Handler(for: .arm64, interpreter: "/q", flags: "POCF")
        let shown = Handler(
            name: "qemu-aarch64",
            text: "enabled\ninterpreter /q\nflags: POCF\noffset 0\nmagic 7f454c460201010000000000000000000200b700\n"
                + "mask ffffffffffffff00fffffffffffffffffeffffff\n")
        #expect(rule.name == shown.name && rule.isEquivalent(to: shown))
    }

    @Test("its entry takes its programs of any OSABI, and nothing else", arguments: Guest.all)
    func ownPrograms(guest: Guest) {
        let own = Handler(for: guest, interpreter: "/q", flags: "POCF")
        #expect(own.shapes(of: guest) == guest.shapes && guest.shapes.count == 4)
        #expect(own.takes(guest) && own.words(for: guest).hasPrefix(guest.name))
        for other in Guest.all where other != guest { #expect(!own.takes(other)) }
        // Another machine, ET_REL, another class, the other byte order.
        for (offset, value) in [(18, UInt8(0xff)), (16, 1), (4, 3 - guest.target.elfClass.rawValue), (5, 2)] {
            var header = guest.header()
            header[offset] = value
            #expect(!own.matches(header), "\(offset)")
        }
    }

    @Test("names are one guest's only, and a host runs its own") func names() {
        for guest in Guest.all {
            #expect(ELFTarget(architecture: guest.architecture) == guest.target)
            let others = Guest.all.filter { $0 != guest }
            #expect(guest.isNative(on: guest.machine) && !others.contains { $0.isNative(on: guest.machine) })
            #expect(!others.contains { $0.name == guest.name || $0.emulator == guest.emulator })
        }
        #expect(Guest.arm64.platform == "linux/arm64" && Guest.arm64.staticEmulator == "/usr/bin/qemu-aarch64-static")
        #expect(Guest.all.contains(.native) && Guest.all.contains(.standard))
    }

    @Test("of two entries that take it the newest wins, and one that takes a part wins that") func winners() {
        let old = Handler(for: .arm64, name: "old", interpreter: "/old", flags: "")
        var mask = Guest.arm64.mask
        mask[7] = 0xff
        let strict = Handler(name: "strict", interpreter: "/strict", flags: "", magic: Guest.arm64.magic, mask: mask)
        let other = Handler(for: .amd64, interpreter: "/other", flags: "")
        let registry = Registry(state: .enabled, handlers: [other, strict, old])
        #expect(registry.takers(of: .arm64).map(\.name) == ["strict", "old"])
        #expect(registry.winners(for: .arm64).map(\.handler.name) == ["strict", "old", "strict", "old"])
        #expect(strict.words(for: .arm64) == "AArch64, only ET_EXEC, System V; ET_DYN, System V")
        #expect(other.words(for: .arm64) == "x86-64, 64-bit, little-endian")
        #expect(Registry(state: .disabled, handlers: [old]).takers(of: .arm64).isEmpty)
    }
}
