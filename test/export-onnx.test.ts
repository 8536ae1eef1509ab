import { manualSeed, type Module, ModuleBuffer } from 'unrolled';
import { test, describe, expect } from 'vitest';
import { models } from './models.ts';
import { computeInFloat64, exportedNetwork, seededInputs, type VectorArrays } from '../packages/convert/src/export/export-model.ts';
import { writeNetwork } from '../packages/convert/src/write-model.ts';
import type { GraphSpec } from 'unrolled/graph';
const ort = await import('onnxruntime-node').catch(() => null);
function zeroStates({ inputs }: GraphSpec): VectorArrays {
  return Object.fromEntries(inputs.filter((p) => p.optional).map(({ name, shape }) => {
      const sizes = (shape ?? []).map((d) => (typeof d === 'number' ? d : 1));
      return [name, { element: 'float', shape: sizes, values: new Array<number>(sizes.reduce((n, d) => n * d, 1)).fill(0) } as const];
    }));
}
function feeds(inputs: VectorArrays) {
  const { Tensor } = ort as NonNullable<typeof ort>;
  return Object.fromEntries(Object.entries(inputs).map(([name, { element, shape, values }]) => [name,
      element === 'float' ? new Tensor('float32', Float32Array.from(values), shape) : new Tensor('int64', BigInt64Array.from(values, BigInt), shape)]));
}
describe('x', () => {
  test.each(Object.keys(models).filter((n) => !n.startsWith('convolutions')))('%s', async (name) => {
    manualSeed(1);
    const model = models[name].make().eval();
    const network = exportedNetwork(model);
    const { files } = await writeNetwork(network, 'onnx');
    let most = 0;
    for (const [part, graph] of network.graphs) {
      const session = await ort!.InferenceSession.create(files.get(part === 'model' ? 'model.onnx' : `model-${part}.onnx`)!, { logSeverityLevel: 3 });
      for (const batch of [1, 3, 7]) for (const time of [4, 9]) {
        const states = time === 9;
        const inputs = seededInputs(graph, { batch, time, seed: batch + time, states });
        const expected = computeInFloat64(model, part, inputs);
        const got = await session.run(feeds({ ...zeroStates(graph), ...inputs }));
        expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
        for (const [key, { shape, values }] of Object.entries(expected)) {
          expect([key, got[key].dims]).toEqual([key, shape]);
          const largest = values.reduce((a, v) => Math.max(a, Math.abs(v)), 1);
          values.forEach((v, i) => { const e = Math.abs(v - (got[key].data as Float32Array)[i]) / largest; if (!(e <= most)) most = e; if (!(e < 1e-5)) console.log(part, key, batch, time, i, v, (got[key].data as Float32Array)[i]); });
        }
      }
    }
    expect(most).toBeLessThan(1e-5);
  });
});
