import { hostileCalls } from '../../../test/hostile/run.ts';
import { type Fault, targets } from '../../../test/hostile/calls.ts';
import type { Part, Row } from '../part.ts';

const backends = ['reference', 'native', 'wasm'] as const;

export const part: Part = {
  name: 'hostile-calls',
  about: `calls of all ${targets().length} functions and classes that the library exports, with arguments that are none`,

  async run(long) {
    const rows: Row[] = [];
    for (const backend of backends) {
      let [calls, refused, slowest] = [0, 0, 0];
      const faults: Fault[] = [];
      for (const seed of long ? [1, 2, 3, 4, 5] : [1]) {
        const outcome = await hostileCalls(backend, seed, long ? 2000 : 400);
        calls += outcome.calls;
        refused += outcome.refused;
        slowest = Math.max(slowest, outcome.slowest);
        faults.push(...outcome.faults);
      }
      for (const { kind, call, what } of faults) process.stderr.write(`  ${backend}, ${kind}: ${call}: ${what}\n`);
      const of = (kind: string) => faults.filter((fault) => fault.kind === kind).length;
      rows.push({
        bar: `hostile calls on ${backend}`,
        wanted: long ? '≥ 2,000; 0 crashes, 0 untyped errors, 0 changes' : '0 crashes, 0 untyped errors, 0 changes',
        measured: `${calls} calls, ${refused} refused (the slowest in ${slowest.toFixed(0)} ms); ${of('crash')} crashes, ${of('untyped')} untyped, ${of('changed')} changed something, ${of('slow')} slow`,
        met: faults.length === 0 && (!long || calls >= 2000),
      });
    }
    return rows;
  },
};
