import Glibc

extension Token {
    /// How many are alive once that many are, or when patience ends.
    func settled(atLeast count: Int, within patience: Duration = .seconds(20)) -> Int {
        let begun = ContinuousClock.now
        var seen = alive.count
        while seen < count, begun.duration(to: .now) < patience {
            usleep(5000)
            seen = alive.count
        }
        return seen
    }
}
