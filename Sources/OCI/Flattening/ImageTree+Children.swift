import Archive

/// The nodes by directory and name: one hash table with open addressing for the whole tree. Each directory has a list
/// of its nodes too.
struct ChildTable {
    private static let free = UInt32.max
    private static let left = UInt32.max - 1

    private var slots = [UInt32](repeating: free, count: 64)
    /// How many slots are not free, with those of removed nodes.
    private var used = 0

    /// The node with this hash for which `isWanted` holds.
    func find(_ hash: UInt32, _ isWanted: (Int) -> Bool) -> Int? {
        place(hash, isWanted).map { Int(slots[$0]) }
    }

    /// - Parameter hashOf: returns the hash of a node in the table.
    mutating func insert(_ node: Int, _ hash: UInt32, hashOf: (Int) -> UInt32) {
        if used * 4 >= slots.count * 3 {
            let nodes = slots.filter { $0 < Self.left }
            slots = [UInt32](repeating: Self.free, count: max(64, nodes.count * 4).roundedUpToPowerOfTwo)
            used = 0
            for node in nodes { put(node, hashOf(Int(node))) }
        }
        put(UInt32(node), hash)
    }

    mutating func remove(_ hash: UInt32, _ isWanted: (Int) -> Bool) {
        if let place = place(hash, isWanted) { slots[place] = Self.left }
    }

    private func place(_ hash: UInt32, _ isWanted: (Int) -> Bool) -> Int? {
        var place = Int(hash) & (slots.count - 1)
        while slots[place] != Self.free {
            if slots[place] != Self.left, isWanted(Int(slots[place])) { return place }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func put(_ node: UInt32, _ hash: UInt32) {
        var place = Int(hash) & (slots.count - 1)
        while slots[place] != Self.free { place = (place + 1) & (slots.count - 1) }
        slots[place] = node
        used += 1
    }
}

extension Int {
    fileprivate var roundedUpToPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}

extension ImageTree {
    /// The nodes in a directory, in no particular order.
    func children(of directory: Int) -> [Int] {
        var children: [Int] = []
        var next = nodes[directory].firstChild
        while next != Node.none {
            if nodes[Int(next)].isAttached { children.append(Int(next)) }
            next = nodes[Int(next)].nextSibling
        }
        return children
    }

    func name(_ node: Int) -> ArraySlice<UInt8> {
        layers[Int(nodes[node].nameLayer)][nodes[node].name]
    }

    func child(_ name: ArraySlice<UInt8>, of directory: Int) -> Int? { child(name, of: directory, in: table) }

    func child(_ name: ArraySlice<UInt8>, of directory: Int, in table: ChildTable) -> Int? {
        let hash = Self.hash(name, in: directory)
        return table.find(hash) { isChild($0, of: directory, hash, name) }
    }

    mutating func attach(_ node: Node, hash: UInt32) {
        var node = node
        node.hash = hash
        node.nextSibling = nodes[node.parent].firstChild
        nodes[node.parent].firstChild = UInt32(nodes.count)
        nodes.append(node)
        insert(nodes.count - 1, hash)
    }

    private mutating func insert(_ node: Int, _ hash: UInt32) {
        // The table asks only for hashes, which do not change meanwhile.
        let nodes = nodes
        table.insert(node, hash) { nodes[$0].hash }
    }

    /// Removes a node from its directory. It stays a node.
    mutating func detach(_ node: Int) {
        table.remove(nodes[node].hash) { $0 == node }
        nodes[node].isAttached = false
    }

    /// Empties a directory.
    mutating func detachChildren(of directory: Int) {
        for child in children(of: directory) { detach(child) }
        nodes[directory].firstChild = Node.none
    }

    static func hash(_ name: ArraySlice<UInt8>, in directory: Int) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(directory)
        name.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    private func isChild(_ node: Int, of directory: Int, _ hash: UInt32, _ name: ArraySlice<UInt8>) -> Bool {
        nodes[node].hash == hash && nodes[node].parent == directory && self.name(node) == name
    }
}
