extension Collection<Duration> {
    /// The median, which is the mean of the two middle ones if their number is even; nil if there are none.
    public var median: Duration? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
