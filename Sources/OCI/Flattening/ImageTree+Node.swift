extension ImageTree {
    /// Small, for there are as many as an image has files and directories.
    struct Node: Sendable {
        static let none = UInt32.max

        /// The kind, with hard links followed.
        var kind: LayerEntries.Kind
        var isAttached = true
        private var originLayer: UInt16 = 0
        /// The layer that gave the node its place, which for hard links is not where its contents come from.
        private var placeLayer: UInt16
        /// The layer in whose text the name is.
        let nameLayer: UInt16
        private var originEntry = none
        private var parentNode: UInt32
        let name: LayerEntries.Text
        var hash: UInt32 = 0
        var firstChild = none
        var nextSibling = none

        init(origin: Origin? = nil, kind: LayerEntries.Kind, layer: Int, parent: Int, name: LayerEntries.Text) {
            self.kind = kind
            placeLayer = UInt16(layer)
            nameLayer = UInt16(layer)
            parentNode = UInt32(parent)
            self.name = name
            self.origin = origin
        }

        /// Nil for a directory that no layer has an entry for.
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
            set { placeLayer = UInt16(newValue) }
        }

        var parent: Int { Int(parentNode) }
    }
}

extension ImageTree.Node {
    /// A path may lead through it.
    var leadsOn: Bool { kind == .directory || kind == .symbolicLink }
}
