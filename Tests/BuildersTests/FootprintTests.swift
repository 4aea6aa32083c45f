import Files
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("The footprint of a tool") struct FootprintTests {
    private func inScratch(_ body: (FilePath) throws -> Void) throws {
        let scratch = try ScratchDirectory.make()
        defer { try? TreeRemover.removeTree(scratch) }
        try body(scratch)
    }

    private func make(_ paths: [FilePath]) {
        for path in paths { #expect(mkdir(path.string, 0o755) == 0, "\(path)") }
    }

    private func isThere(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

    @Test("what appeared is erased, inner before outer") func appeared() throws {
        try inScratch { scratch in
            let paths = ["lib", "lib/cache", "lib/cache/state"].map { scratch.appending($0) }
            let footprint = Footprint(paths)
            make(Array(paths.prefix(2)))
            #expect(symlink("/dev/null", paths[2].string) == 0)
            #expect(footprint.erase(paths).isEmpty)
            #expect(!isThere(paths[0]))
        }
    }

    @Test("of tools side by side the last removes what was absent for the first") func sideBySide() throws {
        try inScratch { scratch in
            let paths = [scratch.appending("lib")]
            let first = Footprint(paths)
            make(paths)
            // The second finds it there: it is the first one's.
            let second = Footprint(paths)
            #expect(first.erase(paths).isEmpty && isThere(paths[0]))
            #expect(second.erase(paths).isEmpty && !isThere(paths[0]))
            // Afterwards what is there is somebody else's.
            make(paths)
            #expect(Footprint(paths).erase(paths).isEmpty && isThere(paths[0]))
        }
    }

    @Test("what others put there meanwhile stays, and is no error") func others() throws {
        try inScratch { scratch in
            let paths = ["lib", "lib/cache"].map { scratch.appending($0) }
            let footprint = Footprint(paths)
            // As a `podman pull` beside a trial does.
            make(paths + [scratch.appending("lib/storage"), scratch.appending("lib/storage/overlay")])
            #expect(footprint.erase(paths).isEmpty)
            #expect(isThere(scratch.appending("lib/storage/overlay")))
            #expect(!isThere(scratch.appending("lib/cache")))
        }
    }

    @Test("what others have come to share stays") func shared() throws {
        try inScratch { scratch in
            let paths = ["own", "shared"].map { scratch.appending($0) }
            let footprint = Footprint(paths)
            make(paths)
            #expect(footprint.erase([paths[0]]).isEmpty)
            #expect(!isThere(paths[0]) && isThere(paths[1]))
        }
    }

    @Test("what was there before stays, with what was put into it") func older() throws {
        try inScratch { scratch in
            let paths = ["lib", "lib/cache"].map { scratch.appending($0) }
            make([paths[0]])
            let footprint = Footprint(paths)
            make([paths[1], scratch.appending("lib/other")])
            #expect(footprint.erase(paths).isEmpty)
            #expect(isThere(scratch.appending("lib/other")))
            #expect(!isThere(paths[1]))
        }
    }

    @Test("what never appeared is no error") func nothing() throws {
        try inScratch { #expect(Footprint([$0.appending("never")]).erase([$0.appending("never")]).isEmpty) }
    }

    @Test("a link to nowhere that appeared is erased too, and what it names is not") func link() throws {
        try inScratch { scratch in
            let (link, target) = (scratch.appending("link"), scratch.appending("target"))
            make([target])
            let footprint = Footprint([link])
            #expect(symlink(target.string, link.string) == 0)
            #expect(footprint.erase([link]).isEmpty)
            #expect(isThere(target) && !isThere(link))
        }
    }
}
