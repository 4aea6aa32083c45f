/// The style of pages: light or dark as the system is, from 320 pixels width. Text contrast is at least 4.5 in both.
enum PageStyle {
    static let text = """
        :root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--text:#1b1f24;--dim:#555e6b;--line:#d5dae1;--good:#116329;--bad:#b3151d;--odd:#7d4e00;--info:#0b57a8;--code:#eef1f5;--good-back:#e2f5e6;--bad-back:#fdeaea;--odd-back:#fdf3d8}
        @media (prefers-color-scheme:dark){:root{--back:#0f1216;--card:#181d23;--text:#e8ecf1;--dim:#a3adba;--line:#323a45;--good:#63d07c;--bad:#ff8f8a;--odd:#f0b849;--info:#7ab8ff;--code:#0d1116;--good-back:#10301a;--bad-back:#3f1517;--odd-back:#38290a}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:68rem;padding:1rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Liberation Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
        .jump,.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}.jump:focus{width:auto;height:auto;clip-path:none;background:var(--card);color:var(--info);padding:.5rem 1rem;z-index:1}
        :focus-visible{outline:3px solid var(--info);outline-offset:2px}
        .shapes{position:absolute;width:0;height:0}
        .verdict{padding:1.25rem 1.5rem;border-radius:.75rem;border-left:.5rem solid}.verdict p{margin:.35rem 0}
        .verdict h1{margin:.25rem 0;font-size:1.5rem;line-height:1.35}.verdict h1 span{display:block;font-size:2.25rem;line-height:1.2}
        .verdict.fit{background:var(--good-back);border-color:var(--good)}.fit h1 span{color:var(--good)}
        .verdict.unfit{background:var(--bad-back);border-color:var(--bad)}.unfit h1 span{color:var(--bad)}
        .verdict.undetermined{background:var(--odd-back);border-color:var(--odd)}.undetermined h1 span{color:var(--odd)}
        .tiles{display:flex;flex-wrap:wrap;gap:.25rem 1.75rem;margin:.75rem 0 0}.tiles div{display:flex;flex-direction:column-reverse}.tiles dt{font-size:.9rem}.tiles dd{margin:0;font-size:1.5rem;font-weight:700;line-height:1.2}
        h2{margin:2rem 0 .75rem;font-size:1.35rem;line-height:1.3}h3{margin:0 0 .5rem;font-size:1.05rem}
        .card,.scroll,.finding{background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin:0 0 1rem}.card,.finding{padding:.9rem 1.1rem}
        .finding{border-left:.35rem solid var(--line)}.finding p{margin:.5rem 0}.finding.error{border-left-color:var(--bad)}.finding.warning{border-left-color:var(--odd)}.finding.info{border-left-color:var(--info)}
        .badge{display:inline-block;padding:0 .5rem;border:1px solid;border-radius:1rem;font-size:.85rem}.error .badge{color:var(--bad)}.warning .badge{color:var(--odd)}.info .badge{color:var(--info)}
        .dim,footer,small{color:var(--dim)}.label{font-weight:700}small{font-size:.85rem}
        code,pre{font-family:ui-monospace,"Liberation Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.9rem}
        pre{position:relative;margin:.25rem 0;padding:.6rem .8rem;background:var(--code);border:1px solid var(--line);border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere;max-height:30rem;overflow-y:auto}
        .copy code{user-select:all;-webkit-user-select:all}.copy:has(button){padding-right:6rem;min-height:3rem}
        button,input{font:inherit;color:var(--info);background:var(--card);border:1px solid var(--dim);border-radius:.4rem;padding:.2rem .7rem;min-height:2rem}button{position:absolute;right:.4rem;top:.4rem;cursor:pointer}input{color:var(--text);width:100%;max-width:20rem;margin:0 0 .5rem}
        details{margin:.6rem 0}summary{cursor:pointer;color:var(--info);padding:.25rem 0}
        .scroll{position:relative;overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{padding:.4rem .7rem;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
        thead th{border-top:0;font-size:.9rem;color:var(--dim)}tbody th{font-weight:500;min-width:10rem}th,td{overflow-wrap:break-word}th p{margin:.1rem 0 0;color:var(--dim);font-weight:400;font-size:.9rem}.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        td>b,td>span{white-space:nowrap}.pass{color:var(--good)}.fail{color:var(--bad)}.broken{color:var(--odd)}.skip{color:var(--dim);font-weight:400}
        .path{display:flex;list-style:none;margin:0;text-align:center}.path li{position:relative;flex:1 1 0;padding:0 .3rem;min-width:0}.path b,.path small,.path span{display:block}.path em{font-style:normal;font-weight:700}
        .node{display:block;margin:0 auto .25rem;width:2.75rem;height:2.75rem}.arrow{position:absolute;top:.625rem;left:calc(-50% + 1.75rem);width:calc(100% - 3.5rem);height:1.5rem;overflow:visible}
        .heat td{padding:.15rem .25rem;border:0}.heat th{padding:.15rem .7rem;border:0;vertical-align:middle}.heat thead th+th{text-align:center}.heat td b{display:block;padding:.15rem .5rem;border-radius:.3rem;border:1px solid;text-align:center}.heat .pass{background:var(--good-back)}.heat .fail{background:var(--bad-back);border-width:2px}.heat .broken{background:var(--odd-back);border-style:dashed}.heat .skip{background:var(--code);border-color:var(--line)}
        .strip{display:flex;flex-wrap:wrap;gap:.3rem;margin:0;padding:0;list-style:none}.strip li{width:4.1rem;height:5.1rem;padding:.2rem;position:relative;text-align:center;border:1px solid;border-radius:.35rem;line-height:1.25;font-size:.85rem}.strip b,.strip small{display:block}.strip b{font-size:1.1rem}.strip .this{outline:3px solid var(--info)}.strip .pass{background:var(--good-back)}.strip .fail{background:var(--bad-back)}.strip .broken{background:var(--odd-back)}.strip em{font-style:normal;font-weight:700;color:var(--text)}
        .bar{display:block;width:100%;min-width:8rem;height:1.1rem;background:var(--code);border-radius:.25rem}.bar rect{fill:currentColor}.bar .usual{fill:var(--text)}.bar .now{fill:var(--odd);opacity:.5}td:has(.bar){width:45%}
        .findings thead code{writing-mode:vertical-rl;max-height:14rem}.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem}.facts dt{color:var(--dim)}.facts dd{margin:0}
        footer{margin-top:2rem;font-size:.9rem}footer p{margin:.25rem 0}
        @media (max-width:44rem){body{padding:.6rem}.verdict,.finding,.card{padding:.9rem}.verdict h1{font-size:1.2rem}.verdict h1 span{font-size:1.9rem}.tiles{gap:.25rem 1.1rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.5rem}th,td{padding:.4rem .3rem}td,tbody th{overflow-wrap:anywhere}tbody th{min-width:6.5rem}table{font-size:.9rem}.bar{min-width:4rem}td:has(.bar){width:25%}td:has(.now){width:65%}
        .path{flex-direction:column;text-align:left}.path li{flex:none;padding:0 0 1.75rem 3.75rem;min-height:5.6rem}.path li:last-child{padding-bottom:0;min-height:3rem}.node{position:absolute;left:0;top:0}.arrow{top:-2.175rem;left:.175rem;width:2.4rem;transform:rotate(90deg)}.heat i{display:none}.heat tbody th{min-width:4.5rem}.heat td{padding:.1rem}.heat td b{padding:.1rem}}
        @media print{body{max-width:none;background:#fff}button,input,.jump{display:none}.scroll,pre{overflow:visible;max-height:none}.finding,.strip li,tr{break-inside:avoid}h2,h3{break-after:avoid}*{print-color-adjust:exact}details::details-content{content-visibility:visible;block-size:auto}}
        """

    /// What pictures are drawn with. Each shape differs from the others without its colour, too.
    static let shapes = """
        <svg class="shapes" aria-hidden="true">
        <symbol id="good" viewBox="0 0 24 24" stroke-width="2" stroke="var(--good)" stroke-linecap="round" stroke-linejoin="round" fill="none"><circle cx="12" cy="12" r="10" fill="var(--good-back)"/><path d="M7 12.5l3.5 3.5 6.5-7.5"/></symbol>
        <symbol id="bad" viewBox="0 0 24 24" stroke-width="2" stroke="var(--bad)" stroke-linecap="round" stroke-linejoin="round" fill="none"><path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" fill="var(--bad-back)"/><path d="M8.5 8.5l7 7m0-7l-7 7"/></symbol>
        <symbol id="open" viewBox="0 0 24 24" stroke-width="2" stroke="var(--dim)" stroke-linecap="round" stroke-linejoin="round" fill="none"><circle cx="12" cy="12" r="10" stroke-dasharray="2.5 3.8"/><path d="M9.5 9.5a2.5 2.5 0 1 1 2.5 3v1m0 3v.1"/></symbol>
        <symbol id="to-good" stroke-width="4" stroke="var(--good)" stroke-linecap="round" stroke-linejoin="round" fill="none"><line x2="100%" y1="12" y2="12"/><svg x="100%" overflow="visible"><path d="M-8 5l8 7-8 7"/></svg></symbol>
        <symbol id="to-bad" stroke-width="4" stroke="var(--bad)" stroke-linecap="round" stroke-linejoin="round" fill="none"><line x2="30%" y1="12" y2="12"/><line x1="70%" x2="100%" y1="12" y2="12"/><svg x="50%" overflow="visible"><path d="M-3-2l7 10-8 6 7 10"/></svg></symbol>
        <symbol id="to-open" stroke-width="4" stroke="var(--dim)" stroke-dasharray="1 9" stroke-linecap="round" stroke-linejoin="round" fill="none"><line x2="100%" y1="12" y2="12"/></symbol>
        </svg>
        """
}
