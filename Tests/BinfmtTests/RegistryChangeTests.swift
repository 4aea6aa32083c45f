import Binfmt
import Glibc
import Guest
import Testing

@Suite(
    "Changing a real registry",
    .enabled(
        if: KernelTrial.isPossible, "needs user namespaces and a binfmt_misc instance of its own (Linux 6.7 or later)"))
struct RegistryChangeTests {
    private let rule = Handler(for: .arm64, interpreter: "/bin/true", flags: "POCF")

    private func change(_ body: (String) throws -> Void) throws -> Registry {
        var trouble: (any Error)?
        let kernel = try KernelTrial([]) { directory in
            do { try body(directory) } catch { trouble = error }
        }
        if let trouble { throw trouble }
        return try #require(kernel.registry, "\(kernel.output)")
    }

    @Test("an entry reads back as it was registered") func readBack() throws {
        let handler = try #require(try change { try Registry.register(rule, directory: $0) }.handlers.first)
        #expect(handler.name == "qemu-aarch64")
        #expect(handler.enabled)
        #expect(handler.interpreter == "/bin/true")
        #expect(Set(handler.flags) == ["P", "O", "C", "F"])
        #expect(
            handler.recognition
                == .magic(offset: 0, magic: Guest.arm64.magic, mask: Guest.arm64.mask))
        #expect(handler.unknown.isEmpty)
    }

    @Test("an interpreter whose path has a colon is registered as it is") func colon() throws {
        let odd = Handler(for: .arm64, interpreter: "/opt/a:b/qemu", flags: "PC")
        #expect(Handler(rule: odd.text)?.interpreter == odd.interpreter)
        let handler = try change { try Registry.register(odd, directory: $0) }.handlers.first
        #expect(handler?.name == "qemu-aarch64" && handler?.interpreter == odd.interpreter)
        #expect(handler?.shapes(of: .arm64).count == 4)
    }

    @Test("every byte value survives the rule's escapes") func everyByte() throws {
        let bytes = Array(UInt8.min...UInt8.max)
        for half in [bytes[..<128], bytes[128...]].map(Array.init) {
            let rule = Handler(
                name: "bytes", interpreter: "/bin/true", flags: "", magic: half,
                mask: Array(repeating: 0xff, count: half.count))
            let handler = try change { try Registry.register(rule, directory: $0) }.handlers.first
            #expect(
                handler?.recognition == .magic(offset: 0, magic: half, mask: Array(repeating: 0xff, count: half.count)))
        }
    }

    @Test("an entry, and the whole registry, can be switched off and on") func switches() throws {
        var states: [Bool] = []
        let registry = try change { directory in
            try Registry.register(rule, directory: directory)
            for enabled in [false, true, false] {
                try Registry.setEnabled("qemu-aarch64", enabled, directory: directory)
                states += Registry.read(directory: directory).handlers.map(\.enabled)
            }
            try Registry.setEnabled("status", false, directory: directory)
        }
        #expect(states == [false, true, false])
        #expect(registry.state == .disabled)
    }

    @Test("a removed entry is gone") func removal() throws {
        let registry = try change { directory in
            try Registry.register(rule, directory: directory)
            try Registry.remove("qemu-aarch64", directory: directory)
        }
        #expect(registry.handlers.isEmpty)
        #expect(registry.state == .enabled)
    }

    @Test("a refusal names what was tried, where, and why") func refusals() throws {
        var absent = rule
        absent.interpreter = "/does/not/exist"
        var relative = rule
        (relative.interpreter, relative.name) = ("", "empty")
        _ = try change { directory in
            try Registry.register(rule, directory: directory)
            let again = #expect(throws: RegistryError.self) { try Registry.register(rule, directory: directory) }
            #expect(again?.error == EEXIST && again?.action == "register qemu-aarch64")
            #expect(again?.description.contains("an entry of that name exists") == true)
            var plain = rule
            (plain.interpreter, plain.name) = ("/etc/passwd", "plain")
            let refused = #expect(throws: RegistryError.self) { try Registry.register(plain, directory: directory) }
            #expect(refused?.description.contains("the interpreter may not be opened or executed") == true)
            absent.name = "absent"
            let gone = #expect(throws: RegistryError.self) { try Registry.register(absent, directory: directory) }
            #expect(gone?.error == ENOENT && gone?.text == absent.rule)
            let empty = #expect(throws: RegistryError.self) { try Registry.register(relative, directory: directory) }
            #expect(empty?.error == EINVAL)
            let missing = #expect(throws: RegistryError.self) { try Registry.remove("other", directory: directory) }
            #expect(missing?.error == ENOENT && missing?.action == "remove other")
        }
    }
}
