// What this library wrote as ONNX comes back with its states, and as the library's own model.

import { LanguageModel, manualSeed, SequenceTagger } from 'unrolled';
import { expect, test } from 'vitest';
import { exportedNetwork } from '../../export/export-model.ts';
import { moduleOf, ownModel } from '../../match/models.ts';
import { readModel } from '../../read-model.ts';
import { writeNetwork } from '../../write-model.ts';
import { Draft } from './body.ts';
import type { ModelMessage } from './messages.ts';
import { ownStates } from './own-states.ts';

test.each([
  ['text-generation', () => new LanguageModel(7, { cell: 'lstm', hiddenSize: 4, numLayers: 2 })],
  ['token-classification', () => new SequenceTagger({ vocabularySize: 5, classes: 3, cell: 'gru', hiddenSize: 4 })],
] as const)('a model of %s is one again, its weights equal to the bit', async (task, make) => {
  manualSeed(1);
  const model = make();
  const { files } = await writeNetwork(exportedNetwork(model), 'onnx');
  const { network, report } = await readModel(files.get('model.onnx') as Uint8Array);
  if (!network) throw new Error('no network');
  const own = ownModel(network, task, report);
  if (typeof own === 'string') throw new Error(own);
  expect(moduleOf(own).stateDict()).toEqual(model.stateDict());
});

/** A draft with an input for a state of one row, which a node gives to the batch. */
function draft(): Draft {
  const made = new Draft('test');
  const shape = [1, 'state_rows', 3];
  made.main.inputs.push({ name: 'h0', element: 'float', shape }, { name: 'c0', element: 'float', shape });
  made.main.outputs.push({ name: 'hn', element: 'float', shape: null });
  made.main.nodes = [
    { name: 'all', op: 'Expand', inputs: ['h0', 'sizes'], outputs: ['h'] },
    { name: 'next', op: 'Identity', inputs: ['h'], outputs: ['hn'] },
  ];
  return made;
}

const message = (producer: string, states: string) =>
  ({ producer, metadata: new Map([['states', states]]) }) as ModelMessage;

test('the state of a file of ours is optional, and has the rows of the batch', () => {
  const made = draft();
  const states = [{ input: 'h0', output: 'hn' }];
  expect(ownStates(made, message('unrolled', JSON.stringify(states)))).toEqual(states);
  expect(made.main.inputs).toEqual([
    { name: 'h0', element: 'float', shape: [1, 'batch', 3], optional: true },
    { name: 'c0', element: 'float', shape: [1, 'state_rows', 3] },
  ]);
  expect(made.main.nodes).toEqual([{ name: 'next', op: 'Identity', inputs: ['h0'], outputs: ['hn'] }]);
});

test.each([
  ['another producer', 'pytorch', '[{"input":"h0","output":"hn"}]'],
  ['no JSON', 'unrolled', '[{"input":'],
  ['no list', 'unrolled', '{"input":"h0"}'],
  ['a list of other things', 'unrolled', '[null, 3, "h0", {"input": 4, "output": "hn"}]'],
  ['names that the graph has not', 'unrolled', '[{"input":"h1","output":"hn"},{"input":"h0","output":"__proto__"}]'],
])('%s: nothing is changed', (_, producer, states) => {
  const made = draft();
  expect(ownStates(made, message(producer, states))).toEqual([]);
  expect(made.main).toEqual(draft().main);
});
