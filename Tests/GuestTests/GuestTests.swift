import Binfmt
import ELF
import Files
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

    @Test("the others are registered as it does it, too") func rules() {
        let zeroes = String(repeating: "00", count: 9)
        #expect(Guest.riscv64.magic.hexadecimal == "7f454c46020101\(zeroes)0200f300")
        #expect(Guest.s390x.magic.hexadecimal == "7f454c46020201\(zeroes)00020016")
        #expect(Guest.ppc64le.magic.hexadecimal == "7f454c46020101\(zeroes)02001500")
        #expect(Guest.i386.magic.hexadecimal == "7f454c46010101\(zeroes)02000300")
        #expect(Guest.armV7.magic.hexadecimal == "7f454c46010101\(zeroes)02002800")
        #expect(Guest.i386.mask.hexadecimal == "fffffffffffefe00fffffffffffffffffeffffff")
        #expect(Guest.armV7.mask.hexadecimal == "ffffffffffffff00fffffffffffffffffeffffff")
        #expect(Guest.riscv64.mask.hexadecimal == "ffffffffffffff00fffffffffffffffffeffffff")
        #expect(Guest.s390x.mask.hexadecimal == "ffffffffffffff00fffffffffffffffffffeffff")
        #expect(Guest.ppc64le.mask.hexadecimal == "ffffffffffffff00fffffffffffffffffeffff00")
    }

    @Test("is found by its platform, with the variant that all its programs have") func platforms() {
        for guest in Guest.all {
            #expect(Guest(platform: guest.platform) == guest && Guest(platform: guest.architecture) == guest)
        }
        #expect(Guest(platform: "linux/arm64/v8") == .arm64 && Guest(platform: "linux/amd64/v1") == .amd64)
        #expect(Guest.armV7.platform == "linux/arm/v7" && Guest(platform: "linux/arm") == .armV7)
        for other in [
            "linux/amd64/v3", "linux/riscv64/v8", "windows/amd64", "linux/", "", "linux/arm/v6", "linux/386/v7", "all",
        ] {
            #expect(Guest(platform: other) == nil, "\(other)")
        }
    }

    @Test("names are normalized as containerd does it, and a variant that only some have is told apart") func named() {
        for (text, guest) in [
            ("linux/arm64/v8", Guest.arm64), ("arm64/8", .arm64), ("linux/aarch64", .arm64), ("LINUX/AMD64", .amd64),
            ("linux/x86_64", .amd64), ("linux/amd64/v1", .amd64), ("riscv64", .riscv64),
        ] {
            #expect(NamedPlatform(text) == .guest(guest), "\(text)")
        }
        #expect(NamedPlatform("linux/amd64/v3") == .variant(of: .amd64, "v3"))
        #expect(NamedPlatform("linux/arm64/v9") == .variant(of: .arm64, "v9"))
        for text in [
            "linux/amd64/v9", "linux/riscv64/v8", "windows/amd64", "linux/", "", "/", "linux/arm64/v8/x", "linux",
        ] {
            #expect(NamedPlatform(text) == .unknown, "\(text)")
        }
    }

    @Test("a change of arm64's magic or mask is made in another's at the same field") func changed() {
        let other = Guest.arm64.magic.dropLast(2) + [0xb8, 0]
        #expect(Guest.arm64.changed(\.magic, as: Array(other)) == Array(other))
        #expect(Guest.riscv64.changed(\.magic, as: Array(other))[18...] == [0xfc, 0])
        #expect(Guest.s390x.changed(\.magic, as: Array(other))[18...] == [0, 0x19])
        var strict = Guest.arm64.mask
        strict[16] = 0xff
        for guest in Guest.all {
            let own = guest.changed(\.mask, as: strict)
            #expect(own[16...17] == [0xff, 0xff] && own[..<16] == guest.mask[..<16], "\(guest.name)")
        }
        #expect(Guest.s390x.changed(\.mask, as: [0xff]) == [0xff])
    }

    @Test("a text about arm64 is said of others with their names") func naming() {
        let text = "no entry takes AArch64 programs; qemu-aarch64 runs linux/arm64"
        #expect(Guest.arm64.naming(text) == text)
        #expect(Guest.s390x.naming(text) == "no entry takes IBM S/390 programs; qemu-s390x runs linux/s390x")
        #expect(
            Guest.riscv64.naming("none matches an AArch64 header; an arm64 program")
                == "none matches a RISC-V header; a riscv64 program")
    }

    @Test("its entry takes its programs of any OSABI, and nothing else", arguments: Guest.all)
    func ownPrograms(guest: Guest) {
        let own = Handler(for: guest, interpreter: "/q", flags: "POCF")
        #expect(own.shapes(of: guest) == guest.shapes && guest.shapes.count == 4)
        #expect(own.takes(guest) && own.words(for: guest).hasPrefix(guest.name))
        for other in Guest.all where other != guest { #expect(!own.takes(other)) }
        // Another machine, ET_REL, another class, the other byte order.
        let (elfClass, order) = (guest.target.elfClass.rawValue, guest.target.byteOrder.rawValue)
        for (offset, value) in [(18, UInt8(0xff)), (16, 1), (4, 3 - elfClass), (5, 3 - order)] {
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
