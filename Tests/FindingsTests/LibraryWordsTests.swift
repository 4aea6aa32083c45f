import Evidence
import Testing

@testable import Findings

@Suite("A missing library's cause and remedy are about this library") struct LibraryWordsTests {
    @Test(arguments: [
        (ArtifactFault.Reason.libraryMissing, "install the package"), (.libraryNotInCache, "RUN ldconfig"),
        (.libraryInjected, "--gpus"), (.libraryUnusable, "in its place"), (.entrypointEnvMissing, "install libx.so.1"),
    ])
    func words(reason: ArtifactFault.Reason, remedy: String) throws {
        let fault = ArtifactFault(
            kind: .loaderMissing, reason: reason, path: "/bin/tool",
            place: .init(number: 2, count: 3, instruction: "COPY tool /bin/"), subject: "libx.so.1",
            expected: "the library libx.so.1", found: "/lib/libx.so.1, which is no ELF file")
        let text = FaultWords(artifact: "image.tar").text([fault])
        let cause = try #require(text.cause)
        #expect(cause.contains("/bin/tool") && cause.contains("libx.so.1"))
        #expect(text.remedy?.contains(remedy) == true)
        // Whoever knows better writes one line.
        #expect(text.remedy?.hasSuffix("allow artifact-loader-missing /bin/tool") == true)
    }
}
