import Binfmt
import FoundationEssentials
import Guest
import Testing

@Suite("assay handler remove and list", .enabled(if: PrivateHost.canEmulate, "\(PrivateHost.emulationReason)"))
struct HandlerRemoveTests {
    private static let qemu = PrivateHost.qemu ?? ""

    @Test("the entry that takes AArch64 programs goes, and comes back by what is printed") func winner() throws {
        let trial = try HandlerTrial(
            """
            \(PrivateHost.register(flags: "PF"))
            echo ':other:E::other::/bin/true:' >$registry/register
            assay handler remove >change; echo $?; mark; state; mark; undo change; state
            """)
        #expect(trial.parts[0] == "0\n", "\(trial.outcome)")
        #expect(trial.parts[1].contains("== other") && !trial.parts[1].contains("aarch64"))
        #expect(trial.parts[2].contains(HandlerTrial.entry(interpreter: Self.qemu, flags: "PF")))
    }

    @Test("a dry run changes nothing, and typing what it prints does") func dryRun() throws {
        let trial = try HandlerTrial(
            """
            \(PrivateHost.register(flags: "PF"))
            state; mark; assay handler remove --dry-run >plan; echo $?; mark; state; mark
            sed -n '/^would do/,/^$/ { /^  /p; }' plan | sh; state
            """)
        #expect(trial.parts[1] == "0\n" && trial.parts[0] == trial.parts[2], "\(trial.outcome)")
        #expect(trial.parts[3] == "enabled\n")
    }

    @Test("a disabled one comes back disabled") func disabled() throws {
        let trial = try HandlerTrial(
            """
            \(PrivateHost.register(flags: "POCF"))
            printf 0 >$registry/qemu-aarch64; state; mark; assay handler remove >change; echo $?; undo change; state
            """)
        #expect(trial.parts[1] == "0\n" + trial.parts[0] && trial.parts[0].contains("disabled\n"), "\(trial.outcome)")
    }

    @Test("what is not there is refused, with the nearest name") func absent() throws {
        let trial = try HandlerTrial(
            """
            assay handler remove; echo $?; mark
            \(PrivateHost.register(flags: "F"))
            assay handler remove qemu-arch64; echo $?; mark; assay handler remove qemu-aarch64 >/dev/null; echo $?
            """)
        #expect(trial.parts == ["1\n", "1\n", "0\n"], "\(trial.outcome)")
        #expect(trial.outcome.errors.contains("the nearest is \"qemu-aarch64\""))
    }

    @Test("an entry whose name has a blank, which the kernel takes, is removed by it, and not registered here")
    func blank()
        throws
    {
        let trial = try HandlerTrial(
            """
            printf '%s' '\(Self.rule("a b"))' >$registry/register
            assay handler install --name 'c d'; echo $?; mark; assay handler remove 'a b' >/dev/null; echo $?; state
            """)
        #expect(trial.parts == ["64\n", "0\nenabled\n"], "\(trial.outcome)")
    }

    private struct Listing: Decodable {
        struct Entry: Decodable { var name, takes, aarch64: String, enabled: Bool }
        var schema, state: String
        var winner: String?
        var entries: [Entry]
    }

    @Test("the list is in the kernel's order, and says which entry wins") func list() throws {
        let trial = try HandlerTrial(
            """
            \(PrivateHost.register(flags: "F"))
            printf '%s' '\(Self.rule("second"))' >$registry/register
            printf '%s' '\(Self.rule("off"))' >$registry/register
            printf 0 >$registry/off
            echo ':jar:E::jar::/bin/true:' >$registry/register
            assay handler list --format json; mark; assay handler list
            """)
        let listing = try JSONDecoder().decode(Listing.self, from: Data(trial.parts[0].utf8))
        #expect(listing.schema == "assay.handlers/1" && listing.state == "enabled" && listing.winner == "second")
        #expect(listing.entries.map(\.name) == ["jar", "off", "second", "qemu-aarch64"])
        #expect(listing.entries.map(\.aarch64) == ["none", "disabled", "wins", "shadowed"])
        #expect(listing.entries.map(\.enabled) == [true, false, true, true])
        #expect(trial.parts[1].split(separator: "\n").contains { $0.hasPrefix("  *  second") }, "\(trial.outcome)")
    }

    private static func rule(_ name: String) -> String {
        Handler(for: .arm64, name: name, interpreter: qemu, flags: "F").text
    }

    @Test("without a registry the list says so, and is no failure") func unmounted() throws {
        let trial = try HandlerTrial("cover; assay handler list; echo $?; mark; assay handler list --format json")
        #expect(trial.parts[0].contains("no binfmt_misc file system is mounted") && trial.parts[0].hasSuffix("\n0\n"))
        #expect(try JSONDecoder().decode(Listing.self, from: Data(trial.parts[1].utf8)).state == "unavailable")
    }
}
