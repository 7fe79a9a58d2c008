/** Light by default, dark where the reader's system is. Standings have one colour each, the same in every chart. */
export const style = `
:root { color-scheme: light dark; --bg: #fff; --panel: #f6f7f9; --line: #d9dde3; --text: #1d2530; --soft: #5b6675;
  --passed: #2e8b57; --failed: #c8323c; --known-failure: #d98324; --inconclusive: #8a5cc2; --unsupported: #8593a6;
  --skipped: #b3bcc8; --not-run: #d5dae1; --unexpected-pass: #1f8fb3; --bar: #4a7fc1; --barsoft: #a9c4e6; }
@media (prefers-color-scheme: dark) { :root { --bg: #14181e; --panel: #1c222b; --line: #333c48; --text: #e6eaf0;
  --soft: #9aa7b8; --passed: #4fb27c; --failed: #ee6a72; --known-failure: #e8a04c; --inconclusive: #b08ae0;
  --unsupported: #77869a; --skipped: #566273; --not-run: #3c4653; --unexpected-pass: #4cb8da; --bar: #6b9fdd; --barsoft: #34527a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--bg); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0; } p { margin: .3rem 0; }
code, pre { font: 13px/1.45 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
pre { background: var(--bg); border: 1px solid var(--line); border-radius: 4px; padding: .6rem; overflow-x: auto; margin: .5rem 0; }
.soft { color: var(--soft); }
.verdict { border-left: 6px solid var(--c); background: var(--panel); padding: .8rem 1rem; border-radius: 4px; margin: 1rem 0; }
.verdict strong { color: var(--c); font-size: 1.15rem; }
.case { border: 1px solid var(--line); border-left: 4px solid var(--c); border-radius: 4px; padding: .6rem .9rem; margin: .6rem 0; background: var(--panel); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pill { display: inline-block; padding: 0 .5rem; border-radius: 1rem; color: var(--bg); background: var(--c); font-size: 12px; white-space: nowrap; }
.legend span { margin-right: 1rem; white-space: nowrap; } .legend i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; background: var(--c); margin-right: .35em; }
svg { display: block; width: 100%; min-width: 38rem; height: auto; } svg text { fill: var(--text); font: 13px system-ui, sans-serif; } svg .soft { fill: var(--soft); }
details summary { cursor: pointer; color: var(--soft); margin: .4rem 0; }
.passed { --c: var(--passed); } .failed { --c: var(--failed); } .known-failure { --c: var(--known-failure); }
.inconclusive { --c: var(--inconclusive); } .unsupported { --c: var(--unsupported); } .skipped { --c: var(--skipped); }
.not-run { --c: var(--not-run); } .unexpected-pass { --c: var(--unexpected-pass); } .absent { --c: transparent; }
h4 { font-size: .95rem; margin: .8rem 0 .3rem; }
.grid { width: auto; margin: .3rem 0; } .grid caption { text-align: left; color: var(--soft); font-size: 13px; white-space: nowrap; }
.grid th, .grid td { padding: .1rem .3rem; border: 1px solid var(--line); white-space: nowrap; font: 12px ui-monospace, monospace; }
.grid th[scope=row] { position: sticky; left: 0; background: var(--panel); }
.cell { display: inline-block; min-width: 1.1em; padding: 0 .15em; margin-right: 1px; border-radius: 2px; text-align: center; font: 12px ui-monospace, monospace; color: var(--soft); }
.cell.open { background: color-mix(in srgb, var(--passed) 22%, transparent); color: var(--text); }
.cell.closed { background: color-mix(in srgb, var(--bar) 22%, transparent); color: var(--text); }
.cell.differs { background: var(--failed); color: var(--bg); font-weight: 700; } .cell.inconclusive { background: var(--inconclusive); color: var(--bg); }
.cell.undecided { background: color-mix(in srgb, var(--known-failure) 35%, transparent); }
.why { display: inline-block; min-width: 14rem; } .legend .cell { margin-left: 1rem; }
.said { color: var(--c); font-weight: 600; }
.absent.pill { color: var(--soft); }
`;
