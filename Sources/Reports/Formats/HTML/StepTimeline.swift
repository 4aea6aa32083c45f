import Findings

/// The steps of a run in the order in which they began, each with its place in the run's time.
struct StepTimeline {
    private let report: ReportDocument

    init(_ report: ReportDocument) { self.report = report }

    var parts: [Markup] {
        let steps = report.checks.filter { $0.isOf(.step) && $0.duration > .zero }
            .sorted { ($0.begun ?? -1, $0.id) < ($1.begun ?? -1, $1.id) }
        let whole = max(report.duration, steps.map(\.duration).max() ?? .zero)
        let rows = steps.map { step -> [Markup] in
            let place = Page.bar(
                """
                <rect class="\(step.outcome.rawValue)" x="\(Duration.milliseconds(step.begun ?? 0).share(of: whole))" \
                width="\(step.duration.share(of: whole))" height="100%"/>
                """)
            return [Markup.name(step.id), Page.outcome(step.outcome), place, "\(step.duration.shown)"]
        }
        let note: Markup = """
            <p class="dim">When a step began is not known of an older report, and of the steps that a resumed run had done before: their bars begin at the left.</p>
            """
        return (steps.contains { $0.begun == nil } ? [note] : [])
            + Page.table(
                "Steps in time", ["Step", "Outcome", "From the start to \(whole.shown)", "Took"], rows, numbers: [3])
    }
}
