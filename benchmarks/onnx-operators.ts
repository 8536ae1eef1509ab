// `npm run onnx-operators`: reads every ONNX model of ../shared/data/onnx-node and onnx-rnn-models, compares its outputs with those in its folder, and prints
// the operators that are read with the number of cases in which they pass. `--write` puts the table into docs/convert.md.

import { readFileSync, writeFileSync } from 'node:fs';
import { useBackend } from 'unrolled';
import { errorOf, onnxCases, operatorsOf } from '../test/onnx-cases.ts';
import { type Count, operatorPage, operatorTable, tableOfPage } from '../test/onnx-operator-table.ts';

const cases = onnxCases();
if (cases.length === 0) {
  process.stderr.write('onnx-operators: there is no ../shared/data/onnx-node beside the checkout\n');
  process.exit(2);
}
await useBackend('reference');
const counts = new Map<string, Count>();
let passed = 0;
for (const one of cases) {
  const error = await errorOf(one).catch((reason: unknown) =>
    reason instanceof Error ? reason.message : String(reason),
  );
  const passes = typeof error === 'number' && error < one.tolerance;
  if (passes) passed++;
  else
    process.stderr.write(
      `${one.name}: ${typeof error === 'number' ? `an error of ${error}, at most ${one.tolerance}` : error}\n`,
    );
  for (const name of operatorsOf(one)) {
    const count = counts.get(name) ?? { cases: 0, passed: 0 };
    counts.set(name, { cases: count.cases + 1, passed: count.passed + Number(passes) });
  }
}
const table = operatorTable(counts);
process.stdout.write(`${table}\n\n${passed} of ${cases.length} models pass\n`);
if (process.argv.includes('--write')) {
  const page = readFileSync(operatorPage, 'utf8');
  writeFileSync(
    operatorPage,
    page.replace(tableOfPage(page), () => table),
  );
}
