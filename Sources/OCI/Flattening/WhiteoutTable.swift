/// The whiteouts of one layer, by the node of their directory and by the name that they hide.
///
/// A layer can have a million: an entry's number takes less memory than its name.
struct WhiteoutTable {
    private struct Whiteout {
        var directory: UInt32
        var entry: UInt32
        var hash: UInt32

        func matches(_ hash: UInt32, _ directory: Int, _ isNamed: (Int) -> Bool) -> Bool {
            self.hash == hash && self.directory == directory && isNamed(Int(entry))
        }
    }

    private var whiteouts: [Whiteout] = []
    private var table = ChildTable()

    /// - Parameters:
    ///   - hash: of the hidden name in its directory.
    ///   - isNamed: whether an entry's whiteout hides the name.
    func contains(_ hash: UInt32, in directory: Int, _ isNamed: (_ entry: Int) -> Bool) -> Bool {
        table.find(hash) { whiteouts[$0].matches(hash, directory, isNamed) } != nil
    }

    mutating func insert(_ entry: Int, _ hash: UInt32, in directory: Int) {
        whiteouts.append(Whiteout(directory: UInt32(directory), entry: UInt32(entry), hash: hash))
        let whiteouts = whiteouts
        table.insert(whiteouts.count - 1, hash) { whiteouts[$0].hash }
    }

    mutating func remove(_ hash: UInt32, in directory: Int, _ isNamed: (_ entry: Int) -> Bool) {
        let whiteouts = whiteouts
        table.remove(hash) { whiteouts[$0].matches(hash, directory, isNamed) }
    }
}
