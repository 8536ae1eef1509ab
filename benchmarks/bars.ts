// `npm run bars`: every number that docs/results.md reports, measured again. `npm run bars -- hello exact` runs some of them; `--json` prints
// an object instead of the table. Those on tiny-shakespeare take about ten minutes on two cores, nsmc less than fifteen.

import { availableParallelism, cpus } from 'node:os';
import { backendReport, currentBackend } from 'unrolled';
import { addition } from './bars/addition.ts';
import type { BarResult, Bars } from './bars/bar.ts';
import { captionOverfit } from './bars/caption-overfit.ts';
import { cells } from './bars/cells.ts';
import { charRnn } from './bars/char-rnn.ts';
import { exact } from './bars/exact.ts';
import { fiveMinutes } from './bars/five-minutes.ts';
import { forecast } from './bars/forecast.ts';
import { gesture } from './bars/gesture.ts';
import { hello } from './bars/hello.ts';
import { inside } from './bars/inside.ts';
import { korEng } from './bars/kor-eng.ts';
import { adding, parity, reber, temporalOrder } from './bars/long-memory.ts';
import { lips } from './bars/lips.ts';
import { minCharRnn } from './bars/min-char-rnn.ts';
import { minGru } from './bars/min-gru.ts';
import { multi30k } from './bars/multi30k.ts';
import { ucm } from './bars/ucm.ts';
import { surnames } from './bars/surnames.ts';
import { nsmc } from './bars/nsmc.ts';
import { scenes, where } from './bars/scenes.ts';
import { seqMnist } from './bars/seq-mnist.ts';
import { vqaShapes } from './bars/vqa-shapes.ts';
import { clips } from './bars/clips.ts';
import { vqaEasy } from './bars/vqa-easy.ts';
import { sst2 } from './bars/sst2.ts';
import { spelling } from './bars/spelling.ts';
import { reversal } from './bars/reversal.ts';

const bars: Record<string, Bars> = {
  exact,
  hello,
  'min-char-rnn': minCharRnn,
  'char-rnn': charRnn,
  'five-minutes': fiveMinutes,
  'min-gru': minGru,
  cells,
  surnames,
  sst2,
  nsmc,
  'seq-mnist': seqMnist,
  forecast,
  adding,
  'temporal-order': temporalOrder,
  reber,
  parity,
  reversal,
  addition,
  spelling,
  multi30k,
  'kor-eng': korEng,
  inside,
  'vqa-easy': vqaEasy,
  'vqa-shapes': vqaShapes,
  clips,
  'gesture-asl16': gesture,
  'video-grid-lips': lips,
  'caption-overfit': captionOverfit,
  scenes,
  where,
  ucm,
};

const args = process.argv.slice(2);
const names = args.filter((a) => !a.startsWith('--'));
const unknown = names.find((name) => !Object.hasOwn(bars, name));
if (unknown) {
  process.stderr.write(`bars: there is no ${unknown}; there are ${Object.keys(bars).join(', ')}\n`);
  process.exit(2);
}

const { name, ...backend } = { name: currentBackend().name, ...currentBackend().describe() };
const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim()}, Node ${process.version}, backend ${name}, ${backend.simd}, ${backend.threads} threads`;
const results: BarResult[] = [];
for (const bar of names.length > 0 ? names : Object.keys(bars)) results.push(...(await bars[bar]({ backend: name })));
process.stderr.write('\n');

if (args.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ machine, backend: backendReport(), results }, null, 2)}\n`);
} else {
  process.stdout.write(`${machine}\n\n| bar | required | measured | | settings |\n|---|---|---|---|---|\n`);
  for (const r of results)
    process.stdout.write(
      `| ${r.bar} | ${r.required} | ${r.measured} | ${r.met === null ? 'not measured' : r.met ? 'met' : 'NOT MET'} | ${r.settings} |\n`,
    );
}
process.exitCode = results.some((r) => r.met === false) ? 1 : 0;
