import ELF
import Guest
import Testing

@testable import Binfmt

@Suite("Matching, as the kernel's search_binfmt_handler does it") struct MatchingTests {
    private func handler(
        _ name: String, magic: String, mask: String? = nil, offset: Int = 0, enabled: Bool = true
    ) -> Handler {
        Handler(
            name: name,
            text:
                "\(enabled ? "enabled" : "disabled")\ninterpreter /\(name)\nflags: \noffset \(offset)\nmagic \(magic)\n"
                + (mask.map { "mask \($0)\n" } ?? ""))
    }

    private func registry(_ handlers: Handler...) -> Registry { Registry(state: .enabled, handlers: handlers) }

    @Test("the first enabled entry in the kernel's order takes the file") func order() {
        let one = handler("one", magic: "4142")
        let two = handler("two", magic: "41")
        #expect(registry(one, two).handler(for: Array("AB".utf8))?.name == "one")
        #expect(registry(two, one).handler(for: Array("AB".utf8))?.name == "two")
        #expect(registry(one, two).handler(for: Array("AC".utf8))?.name == "two")
        #expect(registry(one, two).handler(for: Array("BA".utf8)) == nil)
    }

    @Test("a disabled entry lets the file fall through to the next") func disabled() {
        let off = handler("off", magic: "4142", enabled: false)
        let on = handler("on", magic: "4142")
        #expect(registry(off, on).handler(for: Array("AB".utf8))?.name == "on")
        #expect(registry(off).handler(for: Array("AB".utf8)) == nil)
        #expect(off.matches(Array("AB".utf8)))
    }

    @Test("where binfmt_misc is switched off or out of sight no entry takes anything")
    func switchedOff() {
        let on = handler("on", magic: "4142")
        let gone = Registry.State.unavailable(reason: "no such file", kernelKnowsIt: true)
        for state in [Registry.State.disabled, gone] {
            #expect(Registry(state: state, handlers: [on]).handler(for: Array("AB".utf8)) == nil)
        }
    }

    @Test("an offset or a mask that no kernel takes matches nothing, and is no crash") func nonsense() {
        let far = Handler(rule: ":far:M:9223372036854775807:AB::/bin/true:")
        #expect(far?.matches(Array("AB".utf8)) == false)
        var short = handler("short", magic: "7f454c460201010000000000000000000200b700")
        short.recognition = .magic(offset: 0, magic: Guest.arm64.magic, mask: [0xff])
        #expect(!short.words(for: .arm64).isEmpty)
        let record = "qemu\nmagic\n0\n\\x7fELF\n\\xff\n/bin/true\n\nno\nno\nno\n"
        #expect(BinaryFormat(database: record)?.handler(name: "short") == nil)
    }

    @Test("only the bits of the mask count") func mask() {
        let odd = handler("odd", magic: "02", mask: "fe")
        #expect(odd.matches([2]) && odd.matches([3]))
        #expect(!odd.matches([4]) && !odd.matches([0]))
        // What the mask leaves out is not compared, even where the magic has it.
        #expect(handler("x", magic: "ff41", mask: "00ff").matches([0, 0x41]))
    }

    @Test("bytes before the offset do not matter") func offset() {
        let late = handler("late", magic: "4142", offset: 3)
        #expect(late.matches(Array("---AB".utf8)))
        #expect(!late.matches(Array("AB---".utf8)))
    }

    @Test("a file shorter than the magic is compared as if zeroes followed it") func shortFile() {
        #expect(handler("x", magic: "410000").matches([0x41]))
        #expect(!handler("x", magic: "4142").matches([0x41]))
        #expect(handler("x", magic: "00", offset: 200).matches([0x41]))
    }

    @Test("what lies beyond the 256 bytes that the kernel reads cannot match") func beyondTheBuffer() {
        #expect(handler("x", magic: "00", offset: 255).matches([]))
        #expect(!handler("x", magic: "00", offset: 256).matches([]))
        #expect(!handler("x", magic: "00", offset: -1).matches([]))
    }
}
