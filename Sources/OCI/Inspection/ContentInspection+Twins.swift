import ELF

/// Libraries for another platform that have a counterpart for the image's own: programs choose among them.
extension ContentInspection {
    /// Whether a library for the platform is beside one for macOS.
    func hasLinuxTwin(_ node: Int) -> Bool {
        let stem = tree.name(node).prefix { $0 != UInt8(ascii: ".") }
        return tree.children(of: tree.nodes[node].parent).contains { other in
            let name = tree.name(other)
            guard name.prefix(while: { $0 != UInt8(ascii: ".") }).elementsEqual(stem), NativePlaces.isSharedObject(name)
            else { return false }
            guard case .elf(let facts)? = tree.resolve(name, in: tree.nodes[node].parent).flatMap(tree.facts) else {
                return false
            }
            return facts.target == target
        }
    }

    /// Whether another archive in the same directory has the library for the platform: `…-linux-x86_64.jar`,
    /// `…-linux-aarch_64.jar`.
    func hasTwinForTarget(_ node: Int, _ library: String) -> Bool {
        let name = NativePlaces.withoutMachine(library)
        return tree.children(of: tree.nodes[node].parent).contains { other in
            guard other != node, let archive = tree.facts(other)?.archive else { return false }
            return archive.members.contains { $0.target == target && NativePlaces.withoutMachine($0.name) == name }
        }
    }
}
