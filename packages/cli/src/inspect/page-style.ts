// How a report looks. Images bring their own colors; these are for all around them, in the same tones.

export const pageStyle = `
:root { --ink: #1f2328; --quiet: #59636e; --paper: #fff; --ground: #f6f8fa; --rule: #d1d9e0; --link: #0969da; --good: #1a7f37; --bad: #c2410c }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa4af; --paper: #0d1117; --ground: #010409; --rule: #30363d; --link: #6cb6ff; --good: #3fb950; --bad: #ff9a5c } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 82rem; padding: 1rem; color: var(--ink); background: var(--ground); font: 16px/1.5 system-ui, 'Noto Sans', 'Noto Sans KR', sans-serif }
h1 { margin: .5rem 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere } h2 { margin: 0 0 .5rem; font-size: 1.25rem }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
header dl { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: 0 0 1rem; color: var(--quiet) } header dl div { display: flex; gap: .5rem } dt::after { content: ':' } dd { margin: 0; color: var(--ink); overflow-wrap: anywhere }
section { margin: 0 0 1.25rem; padding: 1.25rem; background: var(--paper); border: 1px solid var(--rule); border-radius: 10px }
ul { margin: 0; padding-left: 1.2rem } ul.says, ul.summary { max-width: 52rem } li { margin: .3rem 0 } .summary a { font-weight: 600; margin-right: .25rem }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem; margin-top: 1rem; align-items: start }
figure { margin: 0; min-width: 0 } figure.whole { grid-column: 1 / -1 } figure > svg { display: block; width: 100%; max-width: 40rem; height: auto; border-radius: 6px } figcaption { margin-top: .4rem; color: var(--quiet); font-size: .9rem; max-width: 44rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .92rem } th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top } th { color: var(--quiet); font-weight: 500 } table.search :is(td, th) { white-space: nowrap } td.number, span.number { font-variant-numeric: tabular-nums; white-space: nowrap }
td p { margin: .2rem 0 0; color: var(--quiet) } .sign { font-weight: 700 } .good .sign { color: var(--good) } .bad .sign, .bad td { color: var(--bad) } .unknown .sign { color: var(--quiet) } .detail { color: var(--quiet) }
.bar { position: relative; display: inline-block; width: 5rem; height: .7rem; margin-right: .5rem; background: color-mix(in srgb, var(--rule) 60%, transparent); border-radius: 3px; overflow: hidden }
.bar i { position: absolute; inset: 0 auto 0 0; width: calc(100% * var(--part)); background: var(--link) } .bar b { position: absolute; top: 0; bottom: 0; left: calc(100% * var(--limit)); width: 2px; background: var(--ink) }
button.pick { font: inherit; color: var(--link); background: none; border: 0; padding: 0; cursor: pointer; white-space: nowrap } button.pick:hover { text-decoration: underline }
.cells .choose { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 0 0 .5rem } .cells select { font: inherit; min-width: 0; flex: 0 1 34rem; text-overflow: ellipsis; padding: .25rem; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: 6px } .cells label { display: flex; gap: .5rem; align-items: center; max-width: 100%; min-width: 0 } .cells output { color: var(--quiet); font-size: .9rem }
.cells .text { max-height: 26rem; overflow: auto; padding: .75rem; border: 1px solid var(--rule); border-radius: 6px; font: 14px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono', monospace; white-space: pre-wrap; overflow-wrap: anywhere }
.cells .text u { text-decoration: none; opacity: .35 } .cells .key { display: flex; align-items: center; margin: .4rem 0 0; color: var(--quiet); font-size: .85rem } .cells .key span { display: inline-block; width: 1.6rem; text-align: center; color: var(--ink) } .cells .key span:last-of-type { margin-right: .5rem }
@media (max-width: 30rem) { body { padding: .5rem } section { padding: .9rem } header dl div { width: 100% } }
`;
