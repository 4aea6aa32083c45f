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

    @Test(
        "files are read as Go's programs read them: line ends of Windows, blanks, short lines and odd numbers count for nothing",
        arguments: [
            ("root:x:0:0::/root:\r\nu:x:1000:50::/h:\r\n", "u", 1000, 50), ("  u:x:1000:50::/h:\t\n", "u", 1000, 50),
            ("u:x:1000\n", "u", 1000, 0), ("u\n", "u", 0, 0), ("u:x:1000:abc::/h:\n", "u", 1000, 0),
            ("u:x:abc:50::/h:\n", "u", 0, 50), ("# u\n\nu:x:1000:50", "u", 1000, 50),
        ] as [(String, String, UInt32, UInt32)])
    func lines(passwd: String, text: String, uid: UInt32, gid: UInt32) {
        let user = ImageUser(text, files: [ImageUser.passwd: Array(passwd.utf8)])
        #expect(user?.uid == uid && user?.gid == gid)
    }

    @Test(
        "a number is an id, however it is written, and also where it is a user's name",
        arguments: [
            ("01000", 1000, 50), ("+1000", 1000, 50), ("7", 7, 0), ("1000:007", 1000, 7), ("u:07", 1000, 7),
        ] as [(String, UInt32, UInt32)])
    func numbers(text: String, uid: UInt32, gid: UInt32) {
        let files = [ImageUser.passwd: Array("7:x:5:6::/:\nu:x:1000:50::/:\n".utf8)]
        let user = ImageUser(text, files: files)
        #expect(user?.uid == uid && user?.gid == gid)
    }

    @Test("a user is in the groups that list the name, with line ends of Windows too") func members() {
        let files = [
            ImageUser.passwd: Array("u:x:1000:50::/:\r\n".utf8),
            ImageUser.group: Array("a:x:77:v,u\r\nb:x:odd:u\r\nc:x:78:uu\r\n".utf8),
        ]
        #expect(ImageUser("u", files: files)?.groups == [50, 77, 0])
        #expect(ImageUser("u:a", files: files)?.groups == [77])
    }

    @Test("names are compared by bytes") func bytes() {
        let files = [ImageUser.passwd: Array("e\u{301}:x:5:6::/:\n".utf8)]
        #expect(ImageUser("\u{e9}", files: files) == nil)
        #expect(ImageUser("e\u{301}", files: files)?.uid == 5)
    }
}
