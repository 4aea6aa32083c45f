import Archive
import Glibc
import Sandbox
import SystemPackage
import Testing

@testable import Builders

@Suite("The footprint of a tool") struct FootprintTests {
    private func inScratch(_ body: (FilePath) throws -> Void) throws {
        let scratch = try ScratchDirectory().path
        defer { try? TreeRemover.removeTree(scratch) }
        try body(scratch)
    }

    private func make(_ paths: [FilePath]) {
        for path in paths { #expect(mkdir(path.string, 0o755) == 0, "\(path)") }
    }

    private func isThere(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

    @Test("what appeared is erased, with everything in it") func appeared() throws {
        try inScratch { scratch in
            let (outer, inner) = (scratch.appending("lib"), scratch.appending("lib/cache"))
            let footprint = Footprint([outer, inner])
            make([outer, inner, inner.appending("deep")])
            try footprint.erase()
            #expect(!isThere(outer))
        }
    }

    @Test("what was there before stays, with what was put into it") func older() throws {
        try inScratch { scratch in
            let (outer, inner) = (scratch.appending("lib"), scratch.appending("lib/cache"))
            make([outer])
            let footprint = Footprint([outer, inner])
            make([inner, outer.appending("other")])
            try footprint.erase()
            #expect(isThere(outer) && isThere(outer.appending("other")))
            #expect(!isThere(inner))
        }
    }

    @Test("what never appeared is no error") func nothing() throws {
        try inScratch { try Footprint([$0.appending("never")]).erase() }
    }

    @Test("a link to nowhere that appeared is erased too, and what it names is not") func link() throws {
        try inScratch { scratch in
            let (link, target) = (scratch.appending("link"), scratch.appending("target"))
            make([target])
            let footprint = Footprint([link])
            #expect(symlink(target.string, link.string) == 0)
            try footprint.erase()
            #expect(isThere(target) && !isThere(link))
        }
    }
}
