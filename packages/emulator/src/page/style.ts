/** The style of the page. Colours reach 4.5:1 on their ground in both schemes (WCAG 2.1, 1.4.3); no state is told by colour alone. */

export const style = `:root {
  color-scheme: light dark;
  --ground: #ffffff;
  --raised: #f5f6f8;
  --line: #d3d8de;
  --text: #1b1f24;
  --quiet: #515a64;
  --link: #0a4f9e;
  --good: #0f5d2a;
  --bad: #9b0d24;
  --part: #704800;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15181b;
    --raised: #1d2226;
    --line: #3a424a;
    --text: #e7eaed;
    --quiet: #aab3bc;
    --link: #86bdff;
    --good: #86dfa0;
    --bad: #ffa3ab;
  --part: #f0c36a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 82rem;
  padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.55 system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--link); }
a:focus-visible, summary:focus-visible, button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
header { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; align-items: baseline; padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
header p { margin: 0; }
header #live, header h1 { grid-column: 1; }
header h1 { grid-row: 1; }
header p:nth-of-type(2) { grid-row: 1; grid-column: 2; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 0.25rem; font-weight: 650; }
h2 { font-size: 1.2rem; margin: 1.75rem 0 0.5rem; font-weight: 650; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.4rem; font-weight: 650; }
h4 { font-size: 0.875rem; margin: 0 0 0.25rem; font-weight: 600; color: var(--quiet); }
p { margin: 0.25rem 0; }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.875em; }
pre { margin: 0; padding: 0.75rem; background: var(--ground); border: 1px solid var(--line); border-radius: 4px; white-space: pre-wrap; }
.note { color: var(--quiet); font-size: 0.9rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.accepted { color: var(--good); }
.refused { color: var(--bad); }
.partly { color: var(--part); }
nav { display: flex; gap: 1.25rem; margin: 0.5rem 0 0.75rem; }
nav a { padding: 0.3rem 0; }
nav a[aria-current] { color: var(--text); font-weight: 600; text-decoration-thickness: 2px; text-underline-offset: 4px; }
ul { list-style: none; margin: 0; padding: 0; }
.requests { border-top: 1px solid var(--line); }
.requests > li { border-bottom: 1px solid var(--line); }
summary {
  display: grid;
  grid-template-columns: 8.5rem minmax(0, 1fr) auto 4.5rem;
  gap: 0 1rem;
  align-items: baseline;
  padding: 0.55rem 0.5rem;
  cursor: pointer;
  list-style: none;
}
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--raised); }
summary .outcome { font-weight: 600; }
summary .rule { display: block; color: var(--bad); }
.partly + .what .rule { color: var(--part); }
details:has(.partly) .refusal { border-color: var(--part); }
summary .outcome::before { content: '▸ '; color: var(--quiet); font-weight: 400; }
details[open] > summary .outcome::before { content: '▾ '; }
summary .for, summary time { color: var(--quiet); font-size: 0.9rem; }
summary time { text-align: right; font-variant-numeric: tabular-nums; }
.inside { padding: 0.25rem 1rem 1.25rem; background: var(--raised); border-top: 1px solid var(--line); }
.refusal { margin: 1rem 0; padding: 0.25rem 0 0.25rem 1rem; border-left: 4px solid var(--bad); }
dl { margin: 0.4rem 0; display: grid; gap: 0.35rem; }
dl > div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0 1rem; }
dt { color: var(--quiet); font-size: 0.9rem; }
dd { margin: 0; min-width: 0; }
.jwt { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 1rem; margin-top: 0.5rem; }
.cards { display: grid; gap: 0.75rem; }
.card { padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 4px; }
.card h3 { margin: 0 0 0.25rem; }
.beside dl > div { grid-template-columns: 7rem minmax(0, 1fr); }
.beside .card dl > div { grid-template-columns: minmax(0, 1fr); }
.until { white-space: nowrap; }
form { display: inline-flex; gap: 0.5rem; margin-top: 0.5rem; }
button { font: inherit; color: var(--text); background: var(--raised); border: 1px solid var(--quiet); border-radius: 4px; padding: 0.3rem 0.9rem; cursor: pointer; }
button:hover { border-color: var(--link); }
@media (min-width: 68rem) {
  main { display: grid; grid-template-columns: minmax(0, 1fr) 23rem; gap: 0 3rem; align-items: start; }
}
@media (max-width: 40rem) {
  header { grid-template-columns: 1fr; }
  header p:nth-of-type(2) { grid-row: auto; grid-column: 1; margin-top: 0.5rem; }
  summary { grid-template-columns: minmax(0, 1fr) auto; }
  summary .what { grid-column: 1 / -1; grid-row: 2; }
  summary .for { grid-column: 1 / -1; grid-row: 3; }
  .inside { padding: 0.25rem 0.6rem 1rem; }
  .refusal { padding-left: 0.6rem; }
  .jwt { grid-template-columns: minmax(0, 1fr); }
  dl > div, .beside dl > div { grid-template-columns: minmax(0, 1fr); }
}
`
