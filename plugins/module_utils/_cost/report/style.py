# Copyright (c) 2026 llmops.platform contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# Private to this collection: it may change without notice.
"""The HTML page's style: two schemes of colour, narrow screens, paper."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#5a6675;--line:#dde2e8;--faint:#c9d3df;--good:#1a7f4b;--bad:#b42318;
--badback:#fdecea;
--c1:#2f6fde;--c2:#e07b1a;--c3:#1f9d76;--c4:#b04fc4;--c5:#c9a400;--c6:#d6406a;--c7:#3aa3c4;--c8:#7d8794}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--card:#1b212a;--ink:#e7ecf2;--soft:#a3afbd;--line:#313a46;--faint:#46525f;--good:#5fd39a;
--bad:#ff9b8f;--badback:#3b1f1d;
--c1:#6ea1ff;--c2:#f3a45a;--c3:#55c9a2;--c4:#cf8be0;--c5:#e0c550;--c6:#f07f9f;--c7:#73c9e3;--c8:#98a3b0}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
h1{font-size:1.55rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:0 0 .75rem}
h3{font-size:.95rem;margin:1rem 0 .4rem}
p{margin:.4rem 0}
.soft{color:var(--soft);font-size:.87rem}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem;margin-top:1rem}
.alert{background:var(--badback);color:var(--bad);border:1px solid currentColor;border-radius:10px;padding:.6rem 1rem;margin:.75rem 0 0;font-weight:600;
overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.75rem,1fr));gap:.75rem;margin-top:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.8rem 1rem}
.card b{display:block;font-size:1.2rem;line-height:1.35;font-variant-numeric:tabular-nums}
.card span{color:var(--soft);font-size:.85rem}
.good{color:var(--good)!important}.bad{color:var(--bad)!important}
.chart{display:grid;grid-template-columns:minmax(7rem,14rem) 1fr auto;column-gap:.75rem}
.row{grid-column:1/-1;display:grid;grid-template-columns:subgrid;align-items:center;padding:.16rem 0;break-inside:avoid}
.chart .legend{grid-column:1/-1}
.row .name{overflow-wrap:anywhere;line-height:1.3}
.row .amount,td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.row svg{width:100%;height:1.05rem;display:block}
.strong{font-weight:650}
.stack{width:100%;height:1.7rem;display:block;margin-bottom:.8rem;border-radius:5px}
rect.c1,i.c1{fill:var(--c1);background:var(--c1)}rect.c2,i.c2{fill:var(--c2);background:var(--c2)}rect.c3,i.c3{fill:var(--c3);background:var(--c3)}
rect.c4,i.c4{fill:var(--c4);background:var(--c4)}rect.c5,i.c5{fill:var(--c5);background:var(--c5)}rect.c6,i.c6{fill:var(--c6);background:var(--c6)}
rect.c7,i.c7{fill:var(--c7);background:var(--c7)}rect.c8,i.c8{fill:var(--c8);background:var(--c8)}
rect.faint,i.faint{fill:var(--faint);background:var(--faint)}rect.saved,i.saved{fill:var(--good);background:var(--good)}
rect.over,i.over{fill:var(--bad);background:var(--bad)}
line.mark{stroke:var(--bad);stroke-width:2;vector-effect:non-scaling-stroke;stroke-dasharray:4 3}
line.grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
line.trend,line.dot{vector-effect:non-scaling-stroke;stroke-linecap:round}
line.trend{stroke-width:2.5}line.dot{stroke-width:8}
line.c1{stroke:var(--c1)}line.c2{stroke:var(--c2)}
.trendbox{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 .6rem}
.scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;color:var(--soft);font-size:.78rem;height:13.2rem;margin:-.6rem 0 0}
.trendline{align-self:start;width:100%;height:12rem;display:block;overflow:visible}
.periods{grid-column:2;display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,1fr);color:var(--soft);font-size:.78rem;padding-top:.5rem}
.periods span{display:flex;justify-content:center;white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;color:var(--soft);font-size:.85rem}
.legend span,.legend{align-items:center}
.key{display:inline-block;width:.8rem;height:.8rem;border-radius:3px;margin-right:.4rem;vertical-align:-1px}
.key.mark{height:0;border-top:2px dashed var(--bad);border-radius:0;vertical-align:4px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.87rem}
th{text-align:left;color:var(--soft);font-weight:600;border-bottom:2px solid var(--line);padding:.35rem .5rem;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:.35rem .5rem;vertical-align:top;overflow-wrap:break-word}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
tr{break-inside:avoid}
tr.total td{font-weight:650;border-top:2px solid var(--line)}
code{overflow-wrap:anywhere;font:.82rem ui-monospace,"SF Mono","DejaVu Sans Mono",monospace}
ul{margin:.5rem 0 0;padding-left:1.15rem}li{margin:.2rem 0;overflow-wrap:anywhere}
td ul{margin:0;padding-left:1rem}
footer{color:var(--soft);font-size:.85rem;margin-top:1.25rem}
@media (max-width:44rem){main{padding:1rem .75rem 2rem}section{padding:.9rem .85rem}.wide{display:none}
.chart{grid-template-columns:1fr auto}.row{padding:.3rem 0;row-gap:.1rem}.row svg{grid-row:2;grid-column:1/3;height:.8rem}
.cards{grid-template-columns:1fr 1fr;gap:.5rem}.card b{font-size:1.05rem}.periods span:nth-child(even){visibility:hidden}
.scroll.stacked thead{display:none}.stacked tr{display:block;padding:.45rem 0;border-bottom:1px solid var(--line)}
.stacked td{display:block;border:0;padding:.05rem 0}
.stacked td.n{text-align:left;white-space:normal}.stacked td[data-name]:not(:empty):before{content:attr(data-name) ": ";color:var(--soft)}
.stacked td:empty{display:none}}
@page{margin:14mm 12mm}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#c4c9cf;--faint:#ccd5df;--good:#1a7f4b;--bad:#b42318;
--badback:#fff;
--c1:#2f6fde;--c2:#e07b1a;--c3:#1f9d76;--c4:#b04fc4;--c5:#c9a400;--c6:#d6406a;--c7:#3aa3c4;--c8:#7d8794}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:9.5pt}main{max-width:none;padding:0}
section{border:0;border-top:1px solid var(--line);border-radius:0;padding:.7rem 0 0;margin-top:.8rem}h2{break-after:avoid}.scroll{overflow:visible}
table{font-size:8.5pt}
.chart,.trendbox,.cards{break-inside:avoid}thead{display:table-header-group}}
""".strip()
