import Archive

@testable import ELF
@testable import OCI

extension FuzzTarget {
    /// ELF files, read at random and as a stream.
    static let elf = FuzzTarget(name: "elf") { bytes in
        let file = ELFPrefix(bytes)
        let whole = try? ELFFile(file)
        let path = try EntryPath("lib/file".utf8)
        var reading = FileReading(
            PiecewiseSource(bytes, name: "elf"), size: UInt64(bytes.count), path: path, isExecutable: true,
            limits: .small)
        let facts = try reading.facts()
        if let whole, whole.header.type == .executable || whole.header.type == .shared {
            guard case .elf(let streamed) = facts else {
                require(false, "a file that can be read is no stream: \(String(describing: facts))")
                return
            }
            require(streamed.target == whole.header.target, "the same target")
            // A stream gives only interpreters with absolute paths.
            if let interpreter = streamed.interpreter {
                require(interpreter == whole.interpreter, "the same interpreter")
            } else {
                require(whole.interpreter?.hasPrefix("/") != true, "the interpreter \(whole.interpreter ?? "")")
            }
            if var dynamic = streamed.dynamic {
                // A stream reads the versions of symbols, too.
                (dynamic.neededVersions, dynamic.versions) = ([], nil)
                require(dynamic == whole.dynamic, "the same dynamic section")
            }
        }
        let sections = try ELFSections(file)
        let places = stride(from: 0, to: bytes.count, by: max(1, bytes.count / 64))
        for place in places { _ = sections.describe(UInt64(place)) }
        _ = sections.describe(.max)
    }

    /// Static libraries.
    static let library = FuzzTarget(name: "library") { bytes in
        let magic = StaticLibrary.magic + bytes
        let members = try StaticLibrary(MemorySource(magic, name: "library")).members()
        let pieces = try StaticLibrary(PiecewiseSource(magic, name: "library")).members()
        require(members == pieces, "the same members, whatever the pieces")
        require(Set(members.map(\.target)).count == members.count, "one member for each target")
        require(members.count <= bytes.count / 60, "no more members than headers")
    }
}
