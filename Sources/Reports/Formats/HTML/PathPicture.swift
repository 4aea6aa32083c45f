import Findings

/// The path from the kernel to what is built, drawn with the place where it breaks.
struct PathPicture {
    private struct Hop {
        var name, what, word: String
        /// Nil if nothing is known about it.
        var isSound: Bool?
    }

    private let hops: [Hop]

    /// Nil where the path itself was not judged, or none is needed.
    init?(_ report: ReportDocument) {
        guard let path = EmulationPath(report), path.links.dropLast().contains(where: { $0.isSound != nil })
        else { return nil }
        let host = report.host
        let details = [
            host.map { "\($0.kernel) \($0.machine)" }, host?.handler.map { "\($0.name) \($0.flags)" },
            host?.interpreter.map { interpreter in interpreter.version.map { "QEMU \($0)" } ?? interpreter.path },
            Self.outcomes(.probe, report),
        ]
        hops =
            zip(zip(["kernel", "handler", "interpreter", "venue"], path.links), details).map { known, what in
                let (name, link) = known
                let word = link.word == "?" ? "not known" : link.word
                return Hop(
                    name: name, what: what ?? "", word: name == "kernel" ? "\(link.name) \(word)" : word,
                    isSound: link.isSound)
            } + [Self.hop("builder", .builder, report), Self.hop("artifact", .artifact, report)]
    }

    private static func hop(_ name: String, _ kind: Check.Kind, _ report: ReportDocument) -> Hop {
        let outcomes = Set(report.checks.filter { $0.isOf(kind) }.map(\.outcome))
        let isSound = outcomes.contains(.fail) ? false : outcomes.contains(.pass) ? true : nil
        let word = isSound.map { $0 ? "ok" : "FAILS" } ?? (outcomes.contains(.broken) ? "not known" : "not tried")
        return Hop(name: name, what: Self.outcomes(kind, report), word: word, isSound: isSound)
    }

    /// Each venue, builder or artifact with the sign of its worst outcome.
    private static func outcomes(_ kind: Check.Kind, _ report: ReportDocument) -> String {
        let checks = report.checks.filter { $0.isOf(kind) }
        let names = checks.compactMap(\.venue).uniqued()
        let shown = names.prefix(4).map { name in
            "\(Page.sign(OutcomeCounts(checks.filter { $0.venue == name }).worst))\u{a0}\(name.shortened(to: 40))"
        }
        return shown.joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }

    var parts: [Markup] {
        let broken = hops.firstIndex { $0.isSound == false }
        let drawn = hops.enumerated().map { index, hop -> Markup in
            let shape = hop.isSound.map { $0 ? "good" : "bad" } ?? "open"
            let colour = hop.isSound.map { $0 ? "pass" : "fail" } ?? "skip"
            let arrow = index == broken ? "bad" : hop.isSound == true ? "good" : "open"
            let into: Markup =
                index == 0 ? "" : "<svg class=\"arrow\" aria-hidden=\"true\"><use href=\"#to-\(arrow)\"/></svg>"
            let mark: Markup = index == broken ? "<em class=\"fail\">broken here</em>" : ""
            return """
                <li>\(into)<svg class="node" aria-hidden="true"><use href="#\(shape)"/></svg><b>\(hop.name)</b><span class="\(colour)">\(hop.word)</span>\(mark)<small>\(hop.what)</small></li>
                """
        }
        return ["<ol class=\"card path\">\n\(drawn)\n</ol>"]
    }
}
