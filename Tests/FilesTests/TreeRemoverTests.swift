import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite struct TreeRemoverTests {
    @Test(.enabled(if: Here.isRoot, "only root can mount what cannot be removed"))
    func whatCannotBeRemovedKeepsNothingElse() throws {
        let scratch = Scratch()
        let made = SystemTool.shell(
            """
            cd '\(scratch.path)' && mkdir -p top/a/b/c top/m top/z other && touch top/1 top/a/1 top/a/b/c/1 top/z/1 other/kept top/9 \
            && mount --bind other top/m
            """)
        try #require(made, "nothing can be mounted here")
        defer { _ = SystemTool.shell("umount '\(scratch.path)/top/m'; rm -rf '\(scratch.path)/top'") }
        let error = #expect(throws: TreeError.self) { try TreeRemover.removeTree(scratch.path.appending("top")) }
        #expect(error?.description.contains("enter m") == true, "\(String(describing: error))")
        #expect(scratch.names(in: "top") == ["m"])
        #expect(scratch.names(in: "other") == ["kept"])
    }

    @Test func aDeepTreeGoesWithFewDescriptors() throws {
        let scratch = Scratch()
        #expect(
            SystemTool.shell(
                "cd '\(scratch.path)' && mkdir top && cd top && i=0; while [ $i -lt 1500 ]; do mkdir d && touch f && cd d || exit 1; i=$((i+1)); done"
            ))
        try TreeRemover.removeTree(scratch.path.appending("top"))
        #expect(scratch.names(in: ".").isEmpty)
    }
}
