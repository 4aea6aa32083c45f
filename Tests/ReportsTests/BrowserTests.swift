import Foundation
import Testing

@testable import Reports

/// A page as a browser shows it.
private struct View: CustomStringConvertible {
    var page: SamplePage
    var name: String
    var width, height: Int
    var scale: Double

    static let all = SamplePage.allCases.flatMap { page in
        [
            View(page: page, name: "light", width: 1000, height: 1500, scale: 0.7),
            View(page: page, name: "dark", width: 1000, height: 1500, scale: 0.7),
            View(page: page, name: "narrow", width: 390, height: 2000, scale: 0.8),
        ]
    }

    var description: String { "\(page.rawValue).\(name).png" }
    var file: URL { Sample.directory.appending(path: "Expected/shots/\(self)") }
}

@Suite("Golden pictures of pages") struct PictureTests {
    @Test("are there for each page in light, dark and narrow, and small") func sizes() throws {
        let sizes = try View.all.map { try Data(contentsOf: $0.file).count }
        #expect(sizes.allSatisfy { $0 < 60 << 10 } && sizes.reduce(0, +) < 512 << 10, "\(sizes)")
    }
}

/// Its processes outlive it, and stay unreaped: exit tests of the same run would wait for ever. So it runs at night only.
@Suite(
    "Pages in a browser", .serialized,
    .enabled(
        if: getenv("ASSAY_BROWSER") != nil && Validator.has("chromium"),
        "ASSAY_BROWSER is not set, or chromium is not installed"))
struct BrowserTests {
    /// The page in a frame of this width: the browser's own window has a least one. Fonts are the same on every machine.
    ///
    /// - Parameter body: what stands beside the file `page.html`.
    private func browse(
        _ page: String, width: Int, height: Int, body: String = "<iframe src=\"page.html\"></iframe>",
        _ arguments: String
    ) -> String {
        let command = """
            d=$(mktemp -d); cp "$0" "$d/page.html"; mkdir "$d/fonts"
            ln -s /usr/share/fonts/truetype/dejavu/DejaVuSans{,-Bold,Mono,Mono-Bold}.ttf "$d/fonts"
            echo "<fontconfig><dir>$d/fonts</dir><cachedir>$d/cache</cachedir></fontconfig>" >"$d/fonts.conf"
            cat >"$d/frame.html" <<'END'
            <!doctype html><style>body{margin:0}iframe{border:0;width:\(width)px;height:\(height)px}</style>
            \(body)
            END
            FONTCONFIG_FILE=$d/fonts.conf HOME=$d timeout -k 5 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
                --hide-scrollbars --allow-file-access-from-files --user-data-dir="$d/profile" --window-size=\(width),\(height) \
                \(arguments) "file://$d/frame.html" 2>/dev/null; s=$?; rm -rf "$d"; exit $s
            """
        return Validator.run("exec bash -c '\(command.replacing("'", with: "'\\''"))' \"$0\"", page).output
    }

    @Test(
        "keep within 320 pixels with all that is folded unfolded, and its script copies and filters, and nothing else runs"
    )
    func narrow() throws {
        let script = """
            <iframe src="page.html"></iframe><script>onload = async () => { const d = document.querySelector('iframe').contentDocument
              for (const one of d.querySelectorAll('details')) one.open = true
              const wide = d.documentElement.scrollWidth
              for (const one of d.querySelectorAll('button')) one.click()
              await new Promise(done => setTimeout(done, 300))
              const said = d.getElementById('say').textContent
              let left = 0
              for (const field of d.querySelectorAll('input')) { field.value = 'no such row'; field.oninput() }
              for (const row of d.querySelectorAll('.filtered tbody tr')) if (!row.hidden) left += 1
              document.body.innerHTML = `<p>wide=${wide} h1=${d.querySelectorAll('h1').length} main=${d.querySelectorAll('main').length} `
                + `scripts=${d.scripts.length} heads=${[...d.querySelectorAll('th')].every(h => h.scope)} `
                + `links=${d.querySelectorAll('[src],a[href^=h]').length} left=${left} `
                + `buttons=${d.querySelectorAll('.copy').length - d.querySelectorAll('button').length} said=${said}</p>` }</script>
            """
        let pages =
            try SamplePage.allCases.map { try $0.html() }
            + Sample.names.map { try ReportFormat.html.render(Sample.report($0)) }
        for page in pages {
            let seen = browse(page, width: 320, height: 800, body: script, "--virtual-time-budget=5000 --dump-dom")
            let copied = page.contains("class=\"copy\"") ? "(Copied|Selected)" : ""
            #expect(
                seen.contains(
                    try Regex("wide=320 h1=1 main=1 scripts=1 heads=true links=0 left=0 buttons=0 said=\(copied)<")),
                "\(seen.suffix(600))")
        }
    }

    /// ASSAY_UPDATE_EXPECTED=1 writes the pictures, with pngquant's help: look at each before it is committed.
    @Test("look as expected, but for a two hundredth of the picture") func pictures() throws {
        let folder = URL.temporaryDirectory.appending(path: "assay-shots-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var pairs: [String] = []
        for view in View.all {
            let shot = folder.appending(path: "\(view)")
            _ = browse(
                try view.page.html(), width: view.width, height: view.height,
                "--force-device-scale-factor=\(view.scale) --blink-settings=preferredColorScheme=\(view.name == "dark" ? 0 : 1) --screenshot=\(shot.path())"
            )
            if getenv("ASSAY_UPDATE_EXPECTED") != nil {
                let reduced = Validator.run("pngquant --force --output \(view.file.path()) 32 \(shot.path())", "")
                #expect(reduced.status == 0, "\(reduced.output)")
            }
            let images = try [shot, view.file].map {
                "\"data:image/png;base64,\(try Data(contentsOf: $0).base64EncodedString())\""
            }
            pairs.append("[\"\(view)\", \(images.joined(separator: ", "))]")
        }
        // The browser reads the pictures, too: those that are written here are there when the page is loaded.
        let script = """
            const pairs = [\(pairs.joined(separator: ",\n"))]
            for (const [, now, then] of pairs) document.write(`<img src="${now}"><img src="${then}">`)
            const pixels = image => { const canvas = document.createElement('canvas').getContext('2d')
              canvas.canvas.width = image.width; canvas.canvas.height = image.height; canvas.drawImage(image, 0, 0)
              return canvas.getImageData(0, 0, image.width, image.height).data }
            onload = () => { let text = ''
              for (const [index, [name]] of pairs.entries()) {
                const [now, then] = [0, 1].map(one => pixels(document.images[2 * index + one]))
                let other = now.length == then.length ? 0 : now.length / 4
                for (let at = 0; at < Math.min(now.length, then.length); at += 4)
                  if ([0, 1, 2].some(part => Math.abs(now[at + part] - then[at + part]) > 64)) other += 1
                text += `<p>${name} ${(other / now.length * 400).toFixed(2)} percent</p>` }
              document.body.innerHTML = text }
            """
        let seen = browse(
            script, width: 800, height: 600, body: "<script src=\"page.html\"></script>", "--dump-dom")
        for view in View.all {
            let share = seen.firstMatch(of: try Regex("\(view) ([0-9.]+) percent", as: (Substring, Substring).self))
            #expect(
                share.flatMap { Double($0.output.1) } ?? 100 <= 0.5,
                "\(view): \(share?.output.1 ?? "not shown") % differ")
        }
    }
}
