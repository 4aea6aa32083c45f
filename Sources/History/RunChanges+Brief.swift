extension RunChanges {
    /// What is new, in some words. What fails as before, or was run besides, is not.
    public var brief: String {
        func count(_ number: Int, _ one: String, _ many: String) -> String? {
            number == 0 ? nil : "\(number) \(number == 1 ? one : many)"
        }
        let parts =
            [
                count(newFailures.count, "new failure", "new failures"), count(fixed.count, "fixed", "fixed"),
                count(newFindings.count, "new finding", "new findings"),
                count(goneFindings.count, "finding gone", "findings gone"),
                count(nowSkipped.count, "check skipped now", "checks skipped now"),
            ].compactMap(\.self) + host.map { "other \($0.fact)" }
        return parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")
    }
}
