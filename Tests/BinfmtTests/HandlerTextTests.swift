import Guest
import Testing

@testable import Binfmt

@Suite("The text of a registry entry") struct HandlerTextTests {
    private let debian = """
        enabled
        interpreter /usr/libexec/qemu-binfmt/aarch64-binfmt-P
        flags: POF
        offset 0
        magic 7f454c460201010000000000000000000200b700
        mask ffffffffffffff00fffffffffffffffffeffffff

        """

    @Test("Debian's own entry is read field by field, and kept verbatim") func debianEntry() {
        let handler = Handler(name: "qemu-aarch64", text: debian)
        #expect(handler.name == "qemu-aarch64")
        #expect(handler.enabled)
        #expect(handler.interpreter == "/usr/libexec/qemu-binfmt/aarch64-binfmt-P")
        #expect(handler.flags == "POF")
        #expect(handler.isFixed && !handler.keepsCredentials)
        #expect(
            handler.recognition
                == .magic(offset: 0, magic: Guest.arm64.magic, mask: Guest.arm64.mask))
        #expect(handler.unknown.isEmpty)
        #expect(handler.text == debian)
    }

    @Test("the first line decides whether an entry is enabled", arguments: [("enabled", true), ("disabled", false)])
    func state(line: String, enabled: Bool) {
        #expect(Handler(name: "x", text: "\(line)\ninterpreter /i\nflags: \n").enabled == enabled)
    }

    @Test("an entry that does not say that it is enabled is not taken for one") func silence() {
        #expect(!Handler(name: "x", text: "").enabled)
        #expect(!Handler(name: "x", text: "interpreter /i\nmagic 4142\n").enabled)
    }

    @Test("flags that this program does not know are kept beside those it does", arguments: ["TF", "LDF", "OCXF"])
    func unknownFlags(flags: String) {
        let handler = Handler(name: "x", text: "enabled\ninterpreter /i\nflags: \(flags)\nmagic 4142\n")
        #expect(handler.flags == flags)
        #expect(handler.isFixed)
        #expect(handler.keepsCredentials == flags.contains("C"))
    }

    @Test("no flags is an empty text, with or without the blank after the colon", arguments: ["flags: ", "flags:"])
    func noFlags(line: String) {
        let handler = Handler(name: "x", text: "enabled\ninterpreter /i\n\(line)\noffset 0\nmagic 4142\n")
        #expect(handler.flags.isEmpty)
        #expect(handler.unknown.isEmpty)
        #expect(!handler.isFixed)
    }

    @Test("an entry of a newer type, without interpreter or magic, is shown and matches nothing") func newerType() {
        let handler = Handler(name: "bpf", text: "enabled\nbpf struct_ops qemu\nflags: B\n")
        #expect(handler.enabled)
        #expect(handler.interpreter == nil)
        #expect(handler.recognition == .unknown)
        #expect(handler.unknown == ["bpf struct_ops qemu"])
        #expect(!handler.matches([0x7f, 0x45, 0x4c, 0x46]))
        #expect(!handler.matches([]))
    }

    @Test("an extension entry is kept apart from those that look at bytes") func fileExtension() {
        let handler = Handler(name: "exe", text: "enabled\ninterpreter /usr/bin/wine\nflags: \nextension .exe\n")
        #expect(handler.recognition == .fileExtension("exe"))
        #expect(!handler.matches(Array("MZ".utf8)))
    }

    @Test("an interpreter's path may hold blanks") func blanks() {
        let handler = Handler(name: "x", text: "enabled\ninterpreter /opt/my tools/qemu  8\nflags: F\n")
        #expect(handler.interpreter == "/opt/my tools/qemu  8")
    }

    @Test("without a mask line every bit counts") func missingMask() {
        let handler = Handler(name: "x", text: "enabled\ninterpreter /i\nflags: \noffset 0\nmagic 4142\n")
        #expect(handler.recognition == .magic(offset: 0, magic: [0x41, 0x42], mask: [0xff, 0xff]))
    }

    @Test("a magic that is not hexadecimal matches nothing", arguments: ["4", "4g", "0x41", "41 42"])
    func badMagic(digits: String) {
        let handler = Handler(name: "x", text: "enabled\ninterpreter /i\nmagic \(digits)\n")
        #expect(handler.recognition == .unknown)
        #expect(!handler.matches([0x41, 0x42]))
    }
}
