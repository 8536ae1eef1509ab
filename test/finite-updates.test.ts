// "Nothing that is not finite ever reaches a weight", nor an optimizer state, on every backend: a step is taken whole and finite, or refused and
// nothing has changed.

import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { NonFiniteError } from '../packages/unrolled/src/errors.ts';
import { Adagrad, Adam, AdamW, type Optimizer, RMSprop, SGD } from '../packages/unrolled/src/optim/index.ts';
import { Random } from '../packages/unrolled/src/random.ts';
import { type Tensor, tensor } from '../packages/unrolled/src/tensor/index.ts';
import { compiledBackends } from './backends.ts';

const backends: [title: string, backend: Backend | null][] = [
  ['reference', new ReferenceBackend()],
  ...(await compiledBackends()).map(({ title, backend }) => [title, backend] as [string, Backend | null]),
];

type Make = (parameters: Tensor[]) => Optimizer;

const everything = (parameters: readonly Tensor[], optimizer: Optimizer) => ({
  values: parameters.map((p) => [...p.dataSync()]),
  state: optimizer.stateDict(),
});

const numbersOf = ({ values, state }: ReturnType<typeof everything>) => [
  ...values.flat(),
  ...[...state.tensors.values()].flatMap(({ data }) => [...data]),
];

/** One step that has to be refused, and to change nothing. */
function refused(backend: Backend, make: Make, gradient: number, first?: number): NonFiniteError {
  const parameters = [tensor([1, -2, 3], undefined, { backend }), tensor([0.5], undefined, { backend })];
  const optimizer = make(parameters);
  const give = (g: number) =>
    parameters.forEach((p, k) => (p.grad = tensor(p.shape[0] === 3 ? [0.1, g, 0] : [k], undefined, { backend })));
  if (first !== undefined) {
    give(first);
    optimizer.step();
  }
  const before = everything(parameters, optimizer);
  give(gradient);
  let thrown: unknown;
  try {
    optimizer.step();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(NonFiniteError);
  expect(everything(parameters, optimizer)).toEqual(before);
  return thrown as NonFiniteError;
}

for (const [title, backend] of backends) {
  describe.skipIf(!backend)(`on ${title}`, () => {
    const b = backend as Backend;

    const rates: [string, Make][] = [
      ['SGD', (ps) => new SGD(ps, { lr: 1e38 })],
      ['SGD with momentum', (ps) => new SGD(ps, { lr: 1e38, momentum: 0.9 })],
      ['Adagrad', (ps) => new Adagrad(ps, { lr: 1e39 })],
      ['RMSprop', (ps) => new RMSprop(ps, { lr: 1e38 })],
      ['RMSprop with momentum', (ps) => new RMSprop(ps, { lr: 1e38, momentum: 0.9 })],
      ['Adam', (ps) => new Adam(ps, { lr: 1e39 })],
      ['AdamW', (ps) => new AdamW(ps, { lr: 1e38, weightDecay: 10 })],
    ];
    test.each(rates)('%s at a rate that no weight survives refuses the step, and says what to do', (name, make) => {
      const { message } = refused(b, make, 50);
      expect(message).toMatch(
        new RegExp(`step 1 of ${name.split(' ')[0]} with a learning rate of 1e\\+3[89] would make .* infinite`),
      );
      expect(message).toMatch(
        /began in parameter [01] .*no weight has changed; lower the learning rate, or clip the gradients$/,
      );
    });

    const memories: [string, Make, string][] = [
      ['Adam', (ps) => new Adam(ps), 'exp_avg_sq'],
      ['AdamW', (ps) => new AdamW(ps), 'exp_avg_sq'],
      ['RMSprop', (ps) => new RMSprop(ps), 'square_avg'],
      ['Adagrad', (ps) => new Adagrad(ps), 'sum'],
    ];
    test.each(memories)('one finite gradient of 1e25 does not make the memory of %s infinite', (_name, make, slot) => {
      for (const first of [undefined, 0.5]) {
        const error = refused(b, make, 1e25, first);
        expect(error.message).toContain(`would make its ${slot} infinite`);
        expect(error.where).toMatch(/^parameter 0 /);
      }
    });

    test('AdamW at a rate of 1e10 multiplies its weights by 1e8 a step, until the step that it would be too much', () => {
      const p = tensor([1], undefined, { backend: b });
      const optimizer = new AdamW([p], { lr: 1e10 });
      p.grad = tensor([1], undefined, { backend: b });
      let steps = 0;
      expect(() => {
        for (; steps < 20; steps++) optimizer.step();
      }).toThrow(NonFiniteError);
      expect([steps, optimizer.steps]).toEqual([4, 4]);
      expect(Number.isFinite(p.itemSync())).toBe(true);
    });

    test('the name of the parameter is given where the caller knows it', () => {
      const p = tensor([1], undefined, { backend: b });
      p.grad = tensor([1e30], undefined, { backend: b });
      const optimizer = new SGD([p], { lr: 1e10 });
      expect(() => optimizer.step({ names: new Map([[p, 'head.bias']]) })).toThrow('began in parameter head.bias.');
    });

    test('whatever the options and the gradients, a step is finite or changes nothing', () => {
      const random = new Random(5);
      const size = () => 10 ** (-45 + 84 * random.uniform());
      const pick = <T>(...items: T[]) => items[random.integer(items.length)];
      const optional = (usual: number) => pick(usual, usual, 0, size());
      const kinds: Make[] = [
        (ps) => new SGD(ps, { lr: optional(0.1), momentum: optional(0.9), weightDecay: optional(0.01) }),
        (ps) => new Adagrad(ps, { lr: optional(0.1), eps: optional(1e-10), weightDecay: optional(0.01) }),
        (ps) =>
          new RMSprop(ps, { lr: optional(0.1), alpha: pick(0, 0.99, 1), eps: optional(1e-8), momentum: optional(0.5) }),
        (ps) =>
          new Adam(ps, {
            lr: optional(0.1),
            betas: [pick(0, 0.9), pick(0, 0.999)],
            eps: optional(1e-8),
            weightDecay: optional(0.01),
          }),
        (ps) => new AdamW(ps, { lr: optional(0.1), betas: [0.9, pick(0.5, 1 - 2 ** -53)], eps: optional(1e-8) }),
      ];
      let [taken, left] = [0, 0];
      for (let n = 0; n < 400; n++) {
        const value = () => Math.min(3e38, Math.max(-3e38, pick(1, -1, 0) * pick(1, 1, size())));
        const of = () => tensor([value(), value(), value(), value(), value()], undefined, { backend: b });
        const parameters = [of(), of()];
        const optimizer = kinds[n % kinds.length](parameters);
        for (let step = 0; step < 4; step++) {
          for (const p of parameters) p.grad = of();
          const before = everything(parameters, optimizer);
          try {
            optimizer.step({ gradScale: pick(1, 1, size()) });
            taken++;
            expect(numbersOf(everything(parameters, optimizer)).every(Number.isFinite)).toBe(true);
          } catch (error) {
            if (!(error instanceof NonFiniteError)) throw error;
            left++;
            expect(everything(parameters, optimizer)).toEqual(before);
          }
        }
      }
      expect(Math.min(taken, left)).toBeGreaterThan(200); // both are met often
    });
  });
}
