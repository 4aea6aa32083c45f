import Testing

@testable import OCI

@Suite("An image's user") struct ImageUserTests {
    @Test(
        "ids beyond 2^31 - 1 are no user's, wherever they stand",
        arguments: [
            "4294967295", "2147483648", "1:4294967295", "-1", "big", "1:big", "odd",
        ])
    func outOfRange(text: String) {
        let passwd = "big:x:4294967295:0::/:\nodd:x:1:4294967295::/:\n"
        let files = [ImageUser.passwd: Array(passwd.utf8), ImageUser.group: Array("big:x:4294967295:\n".utf8)]
        #expect(ImageUser(text, files: files) == nil)
    }

    @Test(
        "names and numbers are resolved",
        arguments: [
            (nil, 0, 0), ("", 0, 0), ("7", 7, 0), ("app", 5, 6), ("5", 5, 6), ("app:9", 5, 9),
            ("2147483647:wheel", 2_147_483_647, 88),
        ] as [(String?, UInt32, UInt32)])
    func resolved(text: String?, uid: UInt32, gid: UInt32) {
        let files = [
            ImageUser.passwd: Array("app:x:5:6::/home:/bin/sh\n".utf8), ImageUser.group: Array("wheel:x:88:\n".utf8),
        ]
        let user = ImageUser(text, files: files)
        #expect(user?.uid == uid && user?.gid == gid)
    }
}
