// The look of the page: paper, ink, one accent, a hairline; light and dark; one column on a telephone.

export const style = `:root {
  --paper: #fafaf7; --surface: #fff; --ink: #1c2024; --muted: #5d666f; --line: #e4e4de; --accent: #2b59c3; --on-accent: #fff;
  --neg: #2f6db5; --pos: #b3560f; --bar: #c8d7f0; --radius: 10px;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #101317; --surface: #171b20; --ink: #e8eaed; --muted: #9aa3ad; --line: #2a3037; --accent: #8fb0ff; --on-accent: #101317;
    --neg: #7fb2ea; --pos: #f0a35e; --bar: #2b3a57;
  }
}
* { box-sizing: border-box; margin: 0; }
body { background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif;
  display: grid; grid-template-columns: 232px minmax(0, 1fr); min-height: 100vh; }
nav { border-right: 1px solid var(--line); padding: 20px 16px; display: flex; flex-direction: column; gap: 24px; }
.brand { font-weight: 650; font-size: 16px; letter-spacing: -.01em; }
nav h2 { font-size: 12px; font-weight: 600; color: var(--muted); margin-bottom: 8px; }
nav ul { list-style: none; padding: 0; }
nav a { display: block; color: var(--ink); text-decoration: none; padding: 6px 8px; border-radius: 6px; overflow-wrap: anywhere; }
nav a small { display: block; color: var(--muted); font-size: 12px; font-weight: 400; }
nav a[aria-current] { background: color-mix(in srgb, var(--accent) 10%, transparent); color: var(--accent); font-weight: 600; }
main { padding: 20px 28px 48px; max-width: 880px; width: 100%; }
h1 { font-size: 20px; font-weight: 650; letter-spacing: -.01em; overflow-wrap: anywhere; }
.sub { color: var(--muted); margin-bottom: 20px; }
.figures { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; border: 1px solid var(--line); border-radius: var(--radius);
  background: var(--surface); margin-bottom: 20px; }
.figures div { padding: 12px 16px; border-left: 1px solid var(--line); min-width: 0; }
.figures div:first-child { border-left: 0; }
.figures dd { font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; letter-spacing: -.02em; overflow-wrap: anywhere; }
.figures dt { color: var(--muted); font-size: 12px; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 16px 18px; margin-bottom: 20px; }
.card h2 { font-size: 14px; font-weight: 600; margin-bottom: 2px; }
.say { color: var(--muted); margin-bottom: 12px; max-width: 62ch; }
.fields { display: flex; flex-wrap: wrap; gap: 12px; margin-bottom: 12px; }
label { display: block; font-size: 12px; color: var(--muted); }
label.wide { width: 100%; }
input, textarea, select { display: block; font: 14px/1.5 inherit; font-family: inherit; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 8px; padding: 7px 10px; min-height: 36px; width: 100%; margin-top: 4px; }
input[type='number'] { width: 112px; font-variant-numeric: tabular-nums; }
textarea { font: 13px/1.6 var(--mono); resize: vertical; }
input::placeholder, textarea::placeholder { color: var(--muted); opacity: .8; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.buttons { display: flex; gap: 8px; flex-wrap: wrap; }
button { font: inherit; border: 1px solid var(--line); background: var(--surface); color: var(--ink); border-radius: 8px; padding: 6px 14px;
  min-height: 36px; cursor: pointer; }
button.go { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
::file-selector-button { font: inherit; border: 1px solid var(--line); background: var(--surface); color: var(--ink); border-radius: 6px;
  padding: 2px 10px; margin-right: 10px; }
button:disabled { opacity: .5; cursor: default; }
.result { margin-top: 16px; }
.result:empty { display: none; }
.text { font: 13px/1.8 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; border-left: 2px solid var(--accent); padding-left: 12px; }
.text .given { color: var(--muted); }
.note { color: var(--muted); font-size: 12px; margin-top: 8px; }
.failed { border-left: 2px solid var(--pos); padding-left: 12px; }
.rows { display: grid; grid-template-columns: minmax(72px, max-content) minmax(0, 1fr) 56px; gap: 6px 12px; align-items: center; }
.rows span { overflow-wrap: anywhere; }
.rows b { font: 600 13px var(--mono); text-align: right; font-variant-numeric: tabular-nums; }
meter { width: 100%; height: 14px; border-radius: 3px; background: none; border: 0; appearance: none; }
meter::-webkit-meter-bar { background: none; border: 0; height: 14px; border-radius: 3px; }
meter::-webkit-meter-optimum-value { background: var(--neg); border-radius: 3px; }
meter::-moz-meter-bar { background: var(--neg); border-radius: 3px; }
.tokens { display: flex; flex-wrap: wrap; gap: 8px 4px; }
.tokens span { font: 13px/1.5 var(--mono); padding: 2px 6px; border-radius: 6px; background: var(--bar); text-align: center; }
.tokens small { display: block; font: 11px/1.3 system-ui, sans-serif; color: var(--muted); }
.frames { display: flex; flex-wrap: wrap; gap: 4px; margin-bottom: 12px; }
.frames img { min-height: 64px; max-height: 160px; max-width: 100%; border-radius: 6px; border: 1px solid var(--line); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--muted); font: 11px system-ui, sans-serif; }
svg .was { fill: none; stroke: var(--neg); stroke-width: 2; }
svg .will { fill: none; stroke: var(--pos); stroke-width: 2; }
svg .between { fill: var(--pos); opacity: .18; }
svg .grid { stroke: var(--line); }
pre { font: 12px/1.6 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.more a { color: var(--accent); }
@media (max-width: 760px) {
  body { display: block; }
  nav { flex-direction: row; align-items: center; gap: 12px; border-right: 0; border-bottom: 1px solid var(--line); padding: 10px 16px; overflow-x: auto; }
  nav h2, nav a small { display: none; }
  nav ul { display: flex; gap: 4px; }
  nav a { white-space: nowrap; min-height: 44px; display: flex; align-items: center; }
  main { padding: 16px; }
  .figures { grid-auto-flow: row; grid-template-columns: 1fr 1fr; }
  .figures div:nth-child(odd) { border-left: 0; }
  .figures div:last-child:nth-child(odd) { grid-column: span 2; }
  .figures div:nth-child(n + 3) { border-top: 1px solid var(--line); }
  input, button, select { min-height: 44px; }
  .fields label:not(.wide) { flex: 1 1 96px; }
  input[type='number'] { width: 100%; }
  .buttons button { flex: 1; }
}
`;
