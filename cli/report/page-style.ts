/** All of the page's look: it asks nobody for anything, and is read on a phone, on paper and at night. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: #1d1d1f; --soft: #6a6a70; --line: #d9d9de; --back: #fff; --card: #f6f6f8; --mark: #0a5fb4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececf0; --soft: #a0a0a8; --line: #3a3a40; --back: #18181b; --card: #222226; --mark: #7db8f5; }
  img { background: #fff; border-radius: 4px; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; color: var(--text); background: var(--back); }
main { max-width: 1080px; margin: 0 auto; padding: 20px 16px 60px; }
h1 { font-size: 24px; margin: 0 0 4px; line-height: 1.25; }
h2 { font-size: 18px; margin: 36px 0 10px; }
h3 { font-size: 17px; margin: 0; overflow-wrap: anywhere; }
p { margin: 4px 0; }
a { color: var(--mark); }
.soft { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; margin: 20px 0; }
.tile { background: var(--card); border-radius: 8px; padding: 10px 14px; }
.tile b { display: block; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
.scroll { overflow-x: auto; }
th { font-weight: 600; color: var(--soft); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
article { border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; margin: 14px 0; break-inside: avoid; }
article header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.new { background: var(--mark); color: var(--back); border-radius: 999px; padding: 0 9px; font-size: 12px; line-height: 1.6; }
.body { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 8px 20px; margin-top: 8px; }
.body img { width: 100%; height: auto; }
details { margin-top: 8px; }
summary { cursor: pointer; color: var(--mark); }
pre, code { font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 6px 0; }
nav { columns: 3 160px; }
@media (max-width: 720px) { .body { grid-template-columns: minmax(0, 1fr); } main { padding: 14px 12px 40px; } article { padding: 12px; } }
@media print { details { display: none; } }
`;
