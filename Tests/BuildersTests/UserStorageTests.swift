import Testing

@testable import Builders

@Suite("The user's storage.conf") struct UserStorageTests {
    @Test("a key's value is what its line has in quotes")
    func value() {
        let text = """
            # graphroot = "/commented"
            [storage]
            driver = "overlay"
            runroot = "/run/containers/storage"
              graphroot="/data/containers"  # here
            [storage.options]
            """
        #expect(UserStorage.value("graphroot", in: text) == "/data/containers")
        #expect(UserStorage.value("rootless_storage_path", in: text) == nil)
        #expect(UserStorage.value("graphroot", in: "graphroot = \"\"\n") == nil)
        #expect(UserStorage.value("graphroot", in: "graphroot\n=") == nil)
    }
}
