extension ImageTree {
    /// A file or directory. Kept small: an image may have very many.
    struct Node: Sendable {
        static let none = UInt32.max

        /// The kind, with hard links followed.
        var kind: LayerEntries.Kind
        var isAttached = true
        private var originLayer: UInt16 = 0
        /// The layer that put the node in its place. For a hard link its contents may come from another layer.
        private var placeLayer: UInt16
        /// The layer whose text has the name.
        let nameLayer: UInt16
        private var originEntry = none
        private var parentNode: UInt32
        let name: LayerEntries.Text
        private var ownLayer: UInt16
        var hash: UInt32 = 0
        var firstChild = none
        var nextSibling = none

        init(origin: Origin? = nil, kind: LayerEntries.Kind, layer: Int, parent: Int, name: LayerEntries.Text) {
            self.kind = kind
            placeLayer = UInt16(layer)
            ownLayer = UInt16(layer)
            nameLayer = UInt16(layer)
            parentNode = UInt32(parent)
            self.name = name
            self.origin = origin
        }

        /// The entry that the contents come from; nil for a directory without an entry in any layer.
        var origin: Origin? {
            get {
                originEntry == Self.none ? nil : Origin(layer: Int(originLayer), entry: Int(originEntry))
            }
            set {
                originEntry = newValue.map { UInt32($0.entry) } ?? Self.none
                originLayer = newValue.map { UInt16($0.layer) } ?? 0
            }
        }

        var layer: Int {
            get { Int(placeLayer) }
            set {
                placeLayer = UInt16(newValue)
                ownLayer = UInt16(newValue)
            }
        }

        /// Whether a layer alone, as far as it has been applied, has the node: by an entry of its own, or on the way to one.
        func isPart(of layer: Int) -> Bool { ownLayer == layer }

        /// The layer has an entry below the node.
        mutating func becomePart(of layer: Int) { ownLayer = UInt16(layer) }

        var parent: Int { Int(parentNode) }
    }
}

extension ImageTree.Node {
    /// Whether a path may lead through it.
    var leadsOn: Bool { kind == .directory || kind == .symbolicLink }
}
