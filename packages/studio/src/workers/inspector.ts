// What the inspector computes: plans, and what people ask about a run. The program for the latter is loaded when the first run is opened.

import type { Asker } from '../asking/asker.ts';
import { plainData } from '../data/examples.ts';
import type { AttentionReading } from '../reading/attention.ts';
import type { ChangedReading } from '../reading/changed-reading.ts';
import type { OpenedAt } from '../reading/protocol.ts';
import type { TraceReading } from '../reading/trace-reading.ts';
import type { OwnData } from '../own/read.ts';
import { planOf } from '../training/plan.ts';
import { backend } from './backend.ts';
import type { Handlers, InspectorCalls } from './protocol.ts';

/** The handlers of the inspector. */
export function inspectorCalls(): Handlers<InspectorCalls> {
  let reading: ChangedReading | null = null;
  let openedAt: OpenedAt | null = null;
  let attention: AttentionReading | null = null;
  const attending = (): AttentionReading => {
    if (!attention) throw new Error('no run is open to look into');
    return attention;
  };
  let own: OwnData | null = null;
  let asker: Asker | null = null;
  const changing = (): ChangedReading => {
    if (!reading) throw new Error('no run is open to look into');
    return reading;
  };
  const open = (): TraceReading => changing().now;
  return {
    async plan({ preset, own, settings }) {
      await backend(1); // the trainer has the other threads
      return planOf(settings, own ?? (await plainData(preset, settings)));
    },
    async preview({ preset, settings }) {
      const { examplePreview } = await import('../training/preview.ts');
      return examplePreview(preset, settings);
    },
    async readOwn(files) {
      const { OwnData } = await import('../own/read.ts');
      own = new OwnData();
      return own.read(files);
    },
    isImageZip: async (files) => (await import('../own/read.ts')).isImageZip(files),
    zipClips: async ({ root, data }) => (await import('../take/clips-zip.ts')).clipsZip(root, data),
    async openGiven(source) {
      await backend(1);
      const { openGiven } = await import('../opening/open.ts');
      return openGiven(source);
    },
    async openToAsk({ files, heldOut, spec }) {
      asker = null;
      if (!(files['config.json'] as { readonly model: { readonly input?: object } }).model.input) return null;
      await backend(1);
      const [{ Asker }, { examplesOf }] = await Promise.all([
        import('../asking/asker.ts'),
        import('../take/examples.ts'),
      ]);
      asker = await Asker.open(files);
      return { about: asker.about, examples: examplesOf({ files, heldOut, spec }) };
    },
    ask(question) {
      if (!asker) throw new Error('no run is open to be asked');
      return asker.ask(question);
    },
    async take({ taken, kind, language }) {
      await backend(1);
      const { packaged } = await import('../take/package.ts');
      return packaged(taken, kind, language);
    },
    pickOwn(picked) {
      if (!own) throw new Error('no table is open any more; choose the file again');
      return own.pick(picked);
    },
    async open({ snapshot, own }) {
      await backend(1);
      const { openReading } = await import('../reading/open-reading.ts');
      const found = await openReading(snapshot, own);
      ({ reading } = found);
      openedAt = { id: snapshot.spec.id, step: snapshot.step };
      return { own: found.own, opened: reading && reading.now.opened() };
    },
    scores: ({ n }) => open().scores(n),
    async openAttention(snapshot) {
      await backend(1);
      const { AttentionReading } = await import('../reading/attention.ts');
      attention = await AttentionReading.open(snapshot);
      return attention.examples();
    },
    attend: ({ asked, edits }) => attending().attend(asked, edits),
    beam: ({ asked, beams }) => attending().beam(asked, beams),
    unit: (key) => open().unit(key),
    next: ({ n }) => open().next(n),
    around: ({ key, n, reach }) => open().around(key, n, reach),
    gradient: ({ n }) => open().gradient(n),
    find: () => open().find(),
    brush: ({ from, to }) => open().brush(from, to),
    ablate: ({ key, name }) => open().ablate(key, name),
    hold: (edit) => open().hold(edit),
    measure: ({ what }) => open().measure(what),
    weights: () => open().weights(),
    weightBlock: (of) => changing().block(of),
    changeWeights({ of, changes }) {
      if (of.id !== openedAt?.id || of.step !== openedAt.step)
        throw Object.assign(new Error('another run was opened meanwhile'), { name: 'OtherReading' });
      return changing().change(changes);
    },
    nextCompared: ({ n }) => changing().nextCompared(n),
  };
}
