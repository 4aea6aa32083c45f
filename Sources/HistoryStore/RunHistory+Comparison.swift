public import History

extension RunHistory {
    /// A run beside the last one like it, and beside what its checks usually took before it.
    ///
    /// - Parameter samples: so many of a check's latest passes make what is usual.
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
