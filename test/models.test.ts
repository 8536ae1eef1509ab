// What must hold for every model, whatever its task: the gradient belongs to the loss, what is saved comes back, and neither padding nor the
// company of other rows changes what a row means.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  Adam,
  type Backend,
  currentBackend,
  manualSeed,
  Module,
  noGrad,
  ReferenceBackend,
  scope,
  setDefaultDtype,
  useBackend,
  modelOf,
} from 'unrolled';
import * as shipped from '../packages/unrolled/src/models/index.ts';
import { compiledBackends, type Loaded } from './backends.ts';
import { expectClose, tolerances } from './close.ts';
import { expectGradient } from './differences.ts';
import type { ModelSample } from './model-sample.ts';
import { models } from './models.ts';

const reference = new ReferenceBackend();
const backends: Loaded[] = await compiledBackends();
let before: Backend;

beforeAll(() => {
  before = currentBackend();
});
afterAll(() => useBackend(before));

const all = ({ rows }: ModelSample): number[] => Array.from({ length: rows }, (_, r) => r);

function make({ make }: ModelSample): never {
  manualSeed(5);
  return make().eval() as never;
}

/** Loss and every gradient. */
function learned(entry: ModelSample, model: Module, padding: number): number[][] {
  const loss = entry.loss(model as never, all(entry), padding);
  loss.backward();
  const values = model.parameters().map((p) => [...(p.grad?.dataSync() ?? [])]);
  model.zeroGrad();
  return [[loss.itemSync()], ...values];
}

test('every model is in the table', () => {
  const made = Object.values(models).map((entry) => entry.make().constructor);
  for (const [name, value] of Object.entries(shipped)) {
    if (typeof value === 'function' && value.prototype instanceof Module) expect(made, name).toContain(value);
  }
});

describe.each(Object.entries(models))('%s', (_name, entry) => {
  describe('in float64', () => {
    beforeEach(async () => {
      await useBackend(reference);
      setDefaultDtype('float64');
    });
    afterEach(() => setDefaultDtype('float32'));

    test('the gradient of every parameter agrees with central differences of the loss', () => {
      const model: Module = make(entry);
      const [, ...gradients] = learned(entry, model, 1);
      for (const [k, [name, p]] of [...model.namedParameters()].entries())
        expectGradient(
          gradients[k],
          p.storage.array as Float64Array,
          () => noGrad(() => scope(() => entry.loss(model as never, all(entry), 1).itemSync())),
          name,
        );
    });

    test('a model from its config and its saved weights says the same', () => {
      const model = make(entry) as Module & { config: object };
      manualSeed(77);
      const config = JSON.parse(JSON.stringify(model.config)) as never;
      const copy = (entry.remake ?? modelOf)(config).loadStateDict(model.stateDict()).eval() as Module & {
        config: object;
      };
      expect(copy.config).toEqual(model.config);
      expect(entry.outputs(copy as never, all(entry), 0)).toEqual(entry.outputs(model as never, all(entry), 0));
    });

    test('a batch is its rows', () => {
      const model = make(entry);
      const together = entry.outputs(model, all(entry), 0);
      const alone = all(entry).flatMap((r) => entry.outputs(model, [r], 0));
      for (const [r, row] of together.entries()) expectClose(row, alone[r], tolerances.float64, `row ${r}`);
      const losses = all(entry).map((r) => entry.loss(model, [r], 0).itemSync());
      const sum = losses.reduce((a, b) => a + b, 0);
      expectClose([entry.loss(model, all(entry), 0).itemSync()], [sum], tolerances.float64, 'loss');
    });
  });

  describe.each([{ title: 'reference', backend: reference as Backend }, ...backends])(
    'on $title',
    ({ title: _title, backend }) => {
      beforeEach(async ({ skip }) => {
        if (!backend) skip();
        await useBackend(backend as Backend);
      });

      test('padding changes nothing, to the last bit: outputs, loss and every gradient', () => {
        const model = make(entry);
        expect(entry.outputs(model, all(entry), 7)).toEqual(entry.outputs(model, all(entry), 0));
        expect(learned(entry, model, 7)).toEqual(learned(entry, model, 0));
      });

      test('ten steps lower the loss', () => {
        const model: Module = make(entry);
        const optimizer = new Adam(model.parameters(), { lr: 0.02 });
        const losses = Array.from({ length: 10 }, () =>
          scope(() => {
            optimizer.zeroGrad();
            const loss = entry.loss(model as never, all(entry), 0);
            loss.backward();
            optimizer.step();
            return loss.itemSync();
          }),
        );
        expect(losses[9]).toBeLessThan(0.95 * losses[0]);
      });
    },
  );
});
