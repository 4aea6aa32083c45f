import Archive
import ELF
import Evidence
import TestSupport
import Testing

@testable import OCI

@Suite struct StaticLibraryTests {
    private static func object(_ machine: ELFMachine) -> [UInt8] {
        ELFHeader.synthetic(machine: machine, type: .relocatable)
    }

    private static func member(_ name: String, _ contents: [UInt8]) -> [UInt8] {
        func field(_ text: String, _ width: Int) -> [UInt8] {
            Array(text.utf8) + [UInt8](repeating: 0x20, count: width - text.utf8.count)
        }
        let fields = [(name, 16), ("0", 12), ("0", 6), ("0", 6), ("644", 8), (String(contents.count), 10)]
        return fields.flatMap { field($0, $1) } + [0x60, 0x0a] + contents
            + [UInt8](repeating: 0x0a, count: contents.count % 2)
    }

    /// BSD's: the name comes before the object, filled up with NULs.
    private static func bsd(_ name: String, _ contents: [UInt8]) -> [UInt8] {
        let padded = Array(name.utf8) + [UInt8](repeating: 0, count: 3)
        return member("#1/\(padded.count)", padded + contents)
    }

    private static func members(_ parts: [UInt8]...) throws -> [LibraryMember] {
        let bytes = Array("!<arch>\n".utf8) + parts.flatMap { $0 }
        return try StaticLibrary(MemorySource(bytes, name: "library")).members()
    }

    @Test("objects behind names of BSD's kind are seen, and have those names") func bsdNames() throws {
        let index = Self.bsd("__.SYMDEF_64 SORTED", [UInt8](repeating: 0, count: 17))
        let found = try Self.members(
            index, Self.bsd("object with blanks.o", Self.object(.aarch64)), Self.bsd("odd.o", Self.object(.amd64)))
        #expect(found.map(\.name) == ["object with blanks.o", "odd.o"])
        #expect(found.map(\.target.machine) == [.aarch64, .amd64])
    }

    @Test("objects behind an index of 64 bits are seen, and those with long names in GNU's table") func gnu() throws {
        let index = Self.member("/SYM64/", [UInt8](repeating: 0, count: 24))
        let table = Self.member("//", Array("a/directory/with a long name.o/\nanother object of many.o/\n".utf8))
        let found = try Self.members(
            index, table, Self.member("/0", Self.object(.aarch64)), Self.member("/32", Self.object(.riscv)))
        #expect(found.map(\.name) == ["a/directory/with a long name.o", "another object of many.o"])
    }

    @Test(
        "a name that would be longer than its object ends the list, and none is empty",
        arguments: ["#1/999", "#1/x", "#1/99999999999"])
    func hostile(name: String) throws {
        let good = Self.member("good.o/", Self.object(.aarch64))
        let found = try Self.members(good, Self.member(name, Self.object(.amd64)))
        #expect(found.allSatisfy { !$0.name.isEmpty } && found.first?.name == "good.o")
        #expect(try Self.members(Self.member("/", Self.object(.aarch64))).map(\.name) == ["an object"])
    }

    @Test("what llvm-ar writes, of each kind, has its foreign object", arguments: ["gnu", "bsd", "darwin", "gnu-thin"])
    func real(format: String) throws {
        let scratch = Scratch()
        let names = ["native object, with a name that is long.o", "foreign object, with a name that is long.o"]
        scratch.write(Self.object(.aarch64), to: names[0])
        scratch.write(Self.object(.amd64), to: names[1])
        let options = format == "gnu-thin" ? "--thin" : "--format=\(format)"
        guard scratch.shell("PATH=$PATH:/opt/swift/usr/bin llvm-ar \(options) rcS lib.a *.o && echo made") == "made\n",
            let library = scratch.read("lib.a")
        else { return print("there is no llvm-ar") }
        var tar = TarBuilder()
        tar.file("lib/lib.a", library)
        // A thin one names files, which are checked themselves.
        if format == "gnu-thin" { for name in names { tar.file("lib/\(name)", scratch.read(name) ?? []) } }
        let faults = try ArtifactInspector().inspect(MemorySource(tar.finished, name: "a")).faults
        #expect(faults.map(\.path) == [format == "gnu-thin" ? "/lib/\(names[1])" : "/lib/lib.a"])
        #expect(faults.first?.found.hasPrefix("x86-64") == true)
        if format != "gnu-thin" { #expect(faults.first?.found.hasSuffix("in \(names[1])") == true) }
    }
}
