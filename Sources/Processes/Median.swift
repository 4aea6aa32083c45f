extension Collection<Duration> {
    /// The middle one in order, the mean of the two middle ones where their number is even; nil where there are none.
    public var median: Duration? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
