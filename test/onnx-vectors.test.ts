// ONNX' own test vectors, and models with recurrent operators that others exported, where they are beside the checkout: every model is read and gives its
// outputs to 1e-5 of their size, recurrent ones to 1e-6. The table of operators in docs/convert.md says the same.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphOps } from 'unrolled/graph';
import { currentBackend, useBackend } from 'unrolled';
import { operatorFamilies } from '../packages/convert/src/formats/onnx/operator-list.ts';
import { readModel } from '../packages/convert/src/index.ts';
import { errorOf, onnxCases, operatorsOf, refusedCases } from './onnx-cases.ts';
import { describeUnless, withoutData } from './needs.ts';
import { countsOf, operatorTable, tableOfPage } from './onnx-operator-table.ts';

const cases = onnxCases();
const operators = operatorFamilies.flatMap(({ names }) => names);

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

describeUnless(cases.length > 0 ? null : withoutData('onnx-node'), 'vectors of ONNX', () => {
  test.each(cases)('$name', async (one) => {
    if (Object.hasOwn(refusedCases, one.name))
      await expect(readModel(join(one.folder, 'model.onnx'))).rejects.toThrow(refusedCases[one.name]);
    else expect(await errorOf(one)).toBeLessThan(one.tolerance);
  });

  test('are counted in the table of operators', () => {
    const counts = countsOf(tableOfPage());
    const found = new Map(operators.map((name) => [name, { cases: 0, passed: 0 }]));
    for (const one of cases)
      for (const name of operatorsOf(one)) {
        const count = found.get(name);
        if (!count) continue;
        count.cases++;
        if (!Object.hasOwn(refusedCases, one.name)) count.passed++;
      }
    expect(counts).toEqual(found);
  });
});

test('the table of operators has every operator that is read, in the form that is written', () => {
  const counts = countsOf(tableOfPage());
  expect(Array.from(counts.keys())).toEqual(operators);
  expect(tableOfPage()).toBe(operatorTable(counts));
  expect(new Set(operators).size).toBe(operators.length);
});

test('the operators that are read are ops of the library, and all of its ops but its layers and those of Keras are read', () => {
  const own = /^(Keras\w+|Linear|Embedding|Conv1dLayer|BatchNorm1d|LayerNorm|\w+Layer|Select)$/;
  const ops = Array.from(graphOps.keys()).filter((name) => !own.test(name));
  expect(operators.filter((name) => name !== 'Constant').sort()).toEqual(ops.sort());
});
