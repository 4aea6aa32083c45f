public import History

extension RunHistory {
    /// Compares a run with the comparable run before it, and with the usual durations of its checks before it.
    ///
    /// - Parameter samples: how many of a check's latest passes are samples.
    /// - Throws: `HistoryError`.
    public func comparison(
        of id: Int64, samples: Int = UsualDuration.usualSamples
    ) throws(HistoryError) -> RunComparison {
        let run = try run(id)
        let usual = try usualDurations(
            host: run.overview.host, command: run.overview.command, of: run.checks.map(\.name), before: id,
            samples: samples)
        return RunComparison(run, before: try self.run(before: run), usual: usual)
    }
}
