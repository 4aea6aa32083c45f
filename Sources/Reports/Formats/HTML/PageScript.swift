/// The page's only script: buttons that copy, and fields that filter. Without it the page says the same.
enum PageScript {
    static let text = """
        "use strict";
        const say = document.getElementById("say");
        const copy = async code => {
          try { await navigator.clipboard.writeText(code.textContent); return true } catch {
            getSelection().selectAllChildren(code);
            return document.execCommand("copy");
          }
        };
        for (const pre of document.querySelectorAll("pre.copy")) {
          const button = document.createElement("button"), code = pre.firstChild;
          button.textContent = "Copy";
          button.setAttribute("aria-label", "Copy: " + code.textContent.slice(0, 80));
          button.onclick = async () => {
            say.textContent = button.textContent = await copy(code) ? "Copied" : "Selected";
            setTimeout(() => { button.textContent = "Copy" }, 2000);
          };
          pre.append(button);
        }
        for (const box of document.querySelectorAll(".filtered")) {
          const field = document.createElement("input"), rows = [...box.querySelectorAll("tbody tr")];
          field.type = "search";
          field.placeholder = "Filter by any word";
          field.setAttribute("aria-label", "Filter: " + box.getAttribute("aria-label"));
          field.oninput = () => {
            const words = field.value.toLowerCase().split(" ");
            for (const row of rows) row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
            say.textContent = rows.filter(row => !row.hidden).length + " of " + rows.length + " rows";
          };
          box.before(field);
        }
        """
}
