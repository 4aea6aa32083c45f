import Archive
import Files
import Glibc
import Guest
import Sandbox
import SystemPackage
import Testing

@testable import Probes

@Suite("Images that ci/images builds") struct BuiltImageTests {
    static var built: [Image] {
        Image.known(for: .arm64).filter { if case .built = $0.source { true } else { false } }
    }

    private func scratch<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        return try body(scratch)
    }

    private func write(_ text: String, to path: FilePath) throws {
        try WholeFile.write(text.utf8, to: path, .any)
    }

    @Test("each has a catalogue in the program, and together they have 40 probes or more") func catalogues() throws {
        var names: [String] = []
        for image in Self.built {
            let catalogue = try #require(try image.builtCatalogue, "\(image.name)")
            for probe in catalogue {
                #expect(probe.name.hasPrefix("\(image.name)."), "\(probe.name)")
                #expect(probe.proves.count > 20 && probe.standsFor.count > 20, "\(probe.name)")
                #expect(probe.source?.hasPrefix("https://") ?? true, "\(probe.name)")
            }
            names += catalogue.map(\.name)
        }
        #expect(Set(names).count == names.count)
        #expect(names.count >= 40)
    }

    @Test("an embedded image, or a file, has no such catalogue") func others() throws {
        #expect(try Image.core(for: .arm64).builtCatalogue == nil)
        #expect(try Image.file("/some/where.tar").builtCatalogue == nil)
    }

    @Test("ASSAY_IMAGES alone where it is set, else below the data directories, the user's first") func directories() {
        let all = ["ASSAY_IMAGES": "/mine", "XDG_DATA_HOME": "/data", "HOME": "/home/me"]
        #expect(Image.directories { all[$0] } == ["/mine"])
        #expect(
            Image.directories { ["XDG_DATA_HOME": "/data", "HOME": "/home/me"][$0] }
                == ["/data/assay/images", "/usr/local/share/assay/images", "/usr/share/assay/images"])
        #expect(Image.directories { ["HOME": "/home/me"][$0] }.first == "/home/me/.local/share/assay/images")
        #expect(Image.directories { _ in nil } == ["/usr/local/share/assay/images", "/usr/share/assay/images"])
    }

    @Test("the first directory that has the tarball is taken; where none has it, that is an error that says what to do")
    func located() throws {
        let image = try #require(Self.built.first)
        try scratch { scratch in
            let places = [scratch.appending("empty"), scratch]
            let error = #expect(throws: ImageNotBuilt.self) { try image.located(in: places, for: .arm64) }
            #expect(error?.description.contains("ci/images build \(image.name)") == true)
            #expect(error?.directories == places)
            try write("", to: scratch.appending("\(image.name)-arm64.tar.zst"))
            guard case .file(let path) = try image.located(in: places, for: .arm64).source else {
                Issue.record("not a file")
                return
            }
            #expect(path == scratch.appending("\(image.name)-arm64.tar.zst"))
        }
    }

    @Test("one that was not looked for cannot be unpacked") func unlocated() throws {
        let image = try #require(Self.built.first)
        let error = #expect(throws: ArchiveError.self) {
            try image.unpack(into: "/does/not/exist", limits: ArchiveLimits())
        }
        #expect(error?.code == .io)
    }

    @Test(
        "patience is read from the image, and nonsense is not",
        arguments: [
            ("name=x\npatience=7\n", 7), ("name=x\n", 1), ("patience=0\n", 1), ("patience=9999\n", 1),
            ("patience=x\n", 1), ("", 1),
        ])
    func timeFactor(text: String, expected: Int) throws {
        try scratch { scratch in
            for directory in ["etc", "usr", "usr/share", "usr/share/assay"] {
                try #require(mkdir(scratch.appending(directory).string, 0o700) == 0)
            }
            try write(text, to: scratch.appending("etc/assay-image"))
            #expect(ImageTraits(root: scratch).timeFactor == expected)
            #expect(!ImageTraits(root: scratch).needsRoot)
            try write("assay.programs/1 x\n", to: scratch.appending("usr/share/assay/programs"))
            #expect(ImageTraits(root: scratch).needsRoot)
        }
    }
}
