import Archive
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite struct ExtractorTests {
    private static func extract(
        _ bytes: [UInt8], in scratch: Scratch, limits: ArchiveLimits = ArchiveLimits(),
        options: ExtractionOptions = ExtractionOptions()
    ) throws -> ExtractionSummary {
        try Extractor.extract(
            MemorySource(bytes, name: "sample"), to: scratch.path.appending("root"), limits: limits, options: options)
    }

    private static func refused(_ tar: TarBuilder, _ code: ArchiveError.Code, entry: String? = nil) {
        let scratch = Scratch()
        _ = scratch.write(Array("safe".utf8), to: "outside")
        let error = #expect(throws: ArchiveError.self) { try extract(tar.finished, in: scratch) }
        #expect(error?.code == code, "\(error.map(String.init(describing:)) ?? "no error")")
        if let entry { #expect(error?.entry == entry) }
        #expect(scratch.names() == ["outside"])
        #expect(scratch.read("outside") == Array("safe".utf8))
    }

    @Test func whatTarWroteIsExtractedAsItWas() throws {
        let scratch = Scratch()
        #expect(
            SystemTool.shell(
                """
                cd '\(scratch.path)' && mkdir -p in/a/b && echo one > in/a/one && ln in/a/one in/a/b/two &&
                ln -s ../one in/a/b/link && ln -s /etc/passwd in/absolute && chmod 640 in/a/one && chmod 711 in/a/b &&
                truncate -s 3M in/sparse && printf x | dd of=in/sparse bs=1 seek=1000000 conv=notrunc status=none &&
                touch -d '2001-02-03 04:05:06.789012345' in/a/one in/a/b && mkdir in/readonly && touch in/readonly/file &&
                chmod 555 in/readonly && mkfifo in/fifo && tar --format=pax -S -C in -cf archive.tar .
                """))
        let bytes = try #require(scratch.read("archive.tar"))
        let summary = try Self.extract(bytes, in: scratch)
        #expect(summary.files == 3 && summary.symbolicLinks == 2 && summary.hardLinks == 1)
        #expect(summary.directories == 4 && summary.skippedSpecial == 1)
        #expect(SystemTool.shell("cd '\(scratch.path)' && rm in/fifo && diff -r --no-dereference in root"))
        let one = try #require(scratch.status("root/a/one"))
        #expect(one.st_mode & 0o7777 == 0o640)
        #expect(one.st_mtim.tv_nsec == 789_012_345)
        #expect(scratch.status("root/a/b/two")?.st_ino == one.st_ino)
        #expect(scratch.status("root/a/b")?.st_mtim.tv_nsec == 789_012_345)
        #expect(scratch.status("root/a/b").map { $0.st_mode & 0o7777 } == 0o711)
        #expect(scratch.status("root/readonly").map { $0.st_mode & 0o7777 } == 0o555)
    }

    @Test func namesThatLeadOutAreRefusedAndNothingIsLeft() {
        for name in ["../outside", "a/../../outside"] {
            var tar = TarBuilder()
            tar.file("first", "x")
            tar.file(name, "overwritten")
            Self.refused(tar, .unsafePath, entry: name)
        }
    }

    @Test func aLinkThatLeadsOutLeadsNowhere() throws {
        // Below the root, "/" and ".." are the root itself, so the file lands inside.
        for target in ["..", "/", "../../../../.."] {
            let scratch = Scratch()
            var tar = TarBuilder()
            tar.symbolicLink("exit", to: target)
            tar.file("exit/landed", "inside")
            _ = try Self.extract(tar.finished, in: scratch)
            #expect(scratch.read("root/landed") == Array("inside".utf8))
            #expect(scratch.names() == ["root"])
        }
    }

    @Test func aLinkThroughAnAbsolutePathIsNeverFollowedOutside() {
        let scratch = Scratch()
        var tar = TarBuilder()
        tar.symbolicLink("exit", to: scratch.path.string)
        tar.file("exit/outside", "overwritten")
        Self.refused(tar, .duplicateEntry)
    }

    @Test func aFileNeverReplacesALinkOrWritesThroughIt() {
        var tar = TarBuilder()
        tar.symbolicLink("link", to: "../outside")
        tar.file("link", "overwritten")
        Self.refused(tar, .duplicateEntry, entry: "link")
    }

    @Test func aDirectoryNeverReplacesALink() {
        var tar = TarBuilder()
        tar.symbolicLink("link", to: "..")
        tar.directory("link/")
        Self.refused(tar, .duplicateEntry, entry: "link")
    }

    @Test func hardLinksOutOfTheArchiveAreRefused() {
        for target in ["../outside", "/etc/passwd", "missing", "through/outside"] {
            var tar = TarBuilder()
            tar.symbolicLink("through", to: "..")
            tar.hardLink("link", to: target)
            Self.refused(tar, .unsafePath, entry: "link")
        }
    }

    @Test func twoFilesOfOneNameAreRefusedButTwoDirectoriesAreOne() throws {
        var tar = TarBuilder()
        tar.file("name", "one")
        tar.file("./name", "two")
        Self.refused(tar, .duplicateEntry, entry: "name")

        var directories = TarBuilder()
        directories.directory("name", mode: 0o700)
        directories.directory("name/", mode: 0o750)
        let scratch = Scratch()
        #expect(try Self.extract(directories.finished, in: scratch).directories == 1)
        #expect(scratch.status("root/name").map { $0.st_mode & 0o7777 } == 0o750)
    }

    @Test func aFileIsNoDirectory() {
        var tar = TarBuilder()
        tar.file("name", "x")
        tar.file("name/below", "x")
        Self.refused(tar, .unsafePath, entry: "name/below")
    }

    @Test func setIDBitsAreDroppedUnlessAskedFor() throws {
        var tar = TarBuilder()
        tar.file("tool", "x", mode: 0o6755)
        tar.directory("sticky", mode: 0o1777)
        let dropped = Scratch()
        #expect(try Self.extract(tar.finished, in: dropped).droppedPrivileges == 1)
        #expect(dropped.status("root/tool").map { $0.st_mode & 0o7777 } == 0o755)
        #expect(dropped.status("root/sticky").map { $0.st_mode & 0o7777 } == 0o1777)
        let kept = Scratch()
        _ = try Self.extract(tar.finished, in: kept, options: ExtractionOptions(keepsPrivileges: true))
        #expect(kept.status("root/tool").map { $0.st_mode & 0o7777 } == 0o6755)
    }

    @Test func userAttributesAreKeptWhereTheFileSystemHasThem() throws {
        var tar = TarBuilder()
        tar.pax([("SCHILY.xattr.user.assay", Array("value".utf8))])
        tar.file("file", "x")
        let scratch = Scratch()
        let summary = try Self.extract(tar.finished, in: scratch)
        let archived = SystemTool.output("tar --xattrs --format=pax -C '\(scratch.path)/root' -c file")
        let kept = String(decoding: archived, as: UTF8.self).contains("SCHILY.xattr.user.assay=value")
        #expect(kept == (summary.skippedAttributes == 0))
    }

    @Test(arguments: ["gzip -nc", "zstd -qc", "xz -c", "cat"])
    func truncatedArchivesLeaveNothingBehind(command: String) {
        var tar = TarBuilder()
        for index in 0..<20 { tar.file("d/\(index)", (0..<2000).map { _ in UInt8.random(in: .min ... .max) }) }
        let whole = SystemTool.filter(tar.finished, through: command)
        let scratch = Scratch()
        for length in stride(from: 0, to: whole.count - 1024, by: 1531) {
            let error = #expect(throws: ArchiveError.self) { try Self.extract(Array(whole[..<length]), in: scratch) }
            #expect(error?.code == .corrupt)
            #expect(scratch.names().isEmpty)
        }
    }

    @Test func limitsLeaveNothingBehind() {
        var tar = TarBuilder()
        for index in 0..<5 { tar.file("file-with-a-name-\(index)", [UInt8](repeating: 0, count: 100_000)) }
        let gzip = SystemTool.filter(tar.finished, through: "gzip -nc")
        let scratch = Scratch()
        for limits in [
            ArchiveLimits(entries: 4), ArchiveLimits(bytes: 450_000), ArchiveLimits(pathBytes: 10),
            ArchiveLimits(ratio: 50, ratioFloor: 100_000),
        ] {
            let error = #expect(throws: ArchiveError.self) { try Self.extract(gzip, in: scratch, limits: limits) }
            #expect(error?.code == .overLimit)
            #expect(scratch.names().isEmpty)
        }
    }

    @Test func treesAreRemovedHoweverDeepAndClosed() throws {
        let scratch = Scratch()
        #expect(
            SystemTool.shell(
                """
                cd '\(scratch.path)' && mkdir tree && cd tree && ln -s ../keep link && mkdir closed && touch closed/file &&
                chmod 000 closed && mkdir -p $(printf 'd/%.0s' $(seq 1500))
                """))
        _ = scratch.write([1], to: "keep")
        try TreeRemover.removeTree(scratch.path.appending("tree"))
        #expect(scratch.names() == ["keep"])
        try TreeRemover.removeTree(scratch.path.appending("tree"))
    }
}
