/// The style of pages: light or dark as the system is, from 320 pixels width. Text contrast is at least 4.5 in both.
enum PageStyle {
    static let text = """
        :root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--text:#1b1f24;--dim:#555e6b;--line:#d5dae1;--good:#116329;--bad:#b3151d;--odd:#7d4e00;--info:#0b57a8;--code:#eef1f5;--good-back:#e2f5e6;--bad-back:#fdeaea;--odd-back:#fdf3d8;--bar:#6f9fd8;--usual:#1b1f24}
        @media (prefers-color-scheme:dark){:root{--back:#0f1216;--card:#181d23;--text:#e8ecf1;--dim:#a3adba;--line:#323a45;--good:#63d07c;--bad:#ff8f8a;--odd:#f0b849;--info:#7ab8ff;--code:#0d1116;--good-back:#10301a;--bad-back:#3f1517;--odd-back:#38290a;--bar:#3f74b5;--usual:#fff}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:68rem;padding:1rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Liberation Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
        .jump{position:absolute;left:-999rem}.jump:focus{left:1rem;top:1rem;background:var(--card);color:var(--info);padding:.5rem 1rem;z-index:1}
        :focus-visible{outline:3px solid var(--info);outline-offset:2px}
        header.verdict{padding:1.25rem 1.5rem;border-radius:.75rem;border-left:.5rem solid}
        .verdict p{margin:.25rem 0}.verdict h1{margin:0;font-size:2.25rem;line-height:1.2}.what{color:var(--text)}
        .verdict.fit{background:var(--good-back);border-color:var(--good)}.verdict.fit h1{color:var(--good)}
        .verdict.unfit{background:var(--bad-back);border-color:var(--bad)}.verdict.unfit h1{color:var(--bad)}
        .verdict.undetermined{background:var(--odd-back);border-color:var(--odd)}.verdict.undetermined h1{color:var(--odd)}
        .tiles{display:flex;flex-wrap:wrap;gap:.25rem 1.75rem;margin:.75rem 0 0}
        .tiles div{display:flex;flex-direction:column-reverse}.tiles dt{font-size:.9rem}.tiles dd{margin:0;font-size:1.5rem;font-weight:700;line-height:1.2;font-variant-numeric:tabular-nums}.tiles .none dd{font-weight:400}
        h2{margin:2rem 0 .75rem;font-size:1.35rem;line-height:1.3}h3{margin:0 0 .5rem;font-size:1.05rem}
        .finding,.card{background:var(--card);border:1px solid var(--line);border-left:.35rem solid var(--line);border-radius:.5rem;padding:1rem 1.1rem;margin:0 0 1rem}
        .finding p{margin:.5rem 0}.finding.error{border-left-color:var(--bad)}.finding.warning{border-left-color:var(--odd)}.finding.info{border-left-color:var(--info)}
        .badge{display:inline-block;padding:0 .5rem;border:1px solid;border-radius:1rem;font-size:.85rem;font-weight:600}
        .error .badge{color:var(--bad)}.warning .badge{color:var(--odd)}.info .badge{color:var(--info)}
        .cause,.dim,.note,footer{color:var(--dim)}.label{font-weight:600}.note{font-weight:400;font-size:.9rem;margin:.1rem 0 0}
        code,pre{font-family:ui-monospace,"Liberation Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.9rem}
        pre{margin:.25rem 0;padding:.6rem .8rem;background:var(--code);border:1px solid var(--line);border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere}
        .command{user-select:all;-webkit-user-select:all;cursor:copy}
        details{margin:.6rem 0 0}summary{cursor:pointer;color:var(--info);padding:.15rem 0}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
        table{border-collapse:collapse;width:100%}th,td{padding:.4rem .7rem;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
        thead th{border-top:0;font-size:.9rem;color:var(--dim);white-space:nowrap}tbody th{font-weight:500}td{overflow-wrap:normal}
        tr.notes td{border-top:0;padding-top:0}.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .outcome{font-weight:600;white-space:nowrap}.outcome.pass,.outcome.fit{color:var(--good)}.outcome.fail,.outcome.unfit{color:var(--bad)}.outcome.broken,.outcome.undetermined{color:var(--odd)}.outcome.skip{color:var(--dim);font-weight:400}
        .cell{white-space:nowrap}tbody th{min-width:18rem}th code{overflow-wrap:normal}h3.image{margin-top:1.25rem}
        td small{color:var(--dim);white-space:nowrap;font-size:.85rem}
        .track{position:relative;display:block;width:100%;min-width:7rem;height:1rem;margin-top:.25rem;background:var(--code);border:1px solid var(--line);border-radius:.25rem}
        .track b{position:absolute;inset:0 auto 0 0;background:var(--bar);border-radius:.2rem 0 0 .2rem}.track i{position:absolute;top:-.2rem;bottom:-.2rem;width:3px;background:var(--usual)}
        td:has(.track){width:34%}.slower{color:var(--odd);font-weight:600}
        .trend{display:flex;align-items:flex-end;gap:3px;height:9rem;margin:0;padding:1rem .75rem .25rem;list-style:none;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
        .trend li{flex:1 1 0;max-width:2.5rem;min-width:3px;height:100%;display:flex;flex-direction:column;justify-content:flex-end;align-items:center;font-size:.8rem;line-height:1.2;font-weight:700}
        .trend b{display:block;flex:none;width:100%;background:currentColor;border-radius:2px 2px 0 0;min-height:3px}.trend .fit{color:var(--good)}.trend .unfit{color:var(--bad)}.trend .undetermined{color:var(--odd)}.trend .this b{outline:2px solid var(--text)}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:0}.facts dt{color:var(--dim)}.facts dd{margin:0}
        footer{margin-top:2rem;font-size:.9rem}
        @media (max-width:34rem){body{padding:.6rem}header.verdict,.finding,.card{padding:.9rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.5rem}th,td{padding:.4rem .5rem}.verdict h1{font-size:1.9rem}.cell{white-space:normal}th code,td{overflow-wrap:anywhere}table{font-size:.9rem}tbody th{min-width:7rem}th,td{padding:.4rem .3rem}.cell small{display:block}.tiles{gap:.25rem 1.1rem}}
        @media print{.scroll{overflow:visible}details::details-content{content-visibility:visible}}
        """
}
