// The surroundings in which PyTorch and oneDNN are quickest on this machine: found by trying, once a run, before they are timed against anyone.
//
// Debian's PyTorch has two thread pools, its own (libgomp) and OpenBLAS's, which get in each other's way where both spin on few cores; and
// OpenBLAS picks its kernels by a table of processors that may not know this one. Each setting is tried at a small and a large model; the one
// with the least product of the two times is taken.

import { existsSync } from 'node:fs';
import { works } from '../works.mjs';
import { Contender } from './contender.mjs';

/** Debian's libopenblas0-openmp, installed beside the other: its threads are PyTorch's own. */
const openmp = '/usr/lib/x86_64-linux-gnu/openblas-openmp';

/** Threads of libgomp that wait sleep instead of spinning: 58 ms a step instead of seconds where the machine has other work. */
const passive = { OMP_WAIT_POLICY: 'PASSIVE' };
const skylake = { OPENBLAS_CORETYPE: 'SkylakeX' };
const haswell = { OPENBLAS_CORETYPE: 'Haswell' };
const ofTorch = [passive, { ...passive, ...skylake }, { ...passive, ...haswell }, {}, skylake, haswell];
const withOpenmp = [passive, { ...passive, ...skylake }, {}].map((each) => ({ LD_LIBRARY_PATH: openmp, ...each }));

/** By what a contender needs: what to try, and at which works. */
const tables = {
  pytorch: {
    candidates: [...ofTorch, ...(existsSync(openmp) ? withOpenmp : [])],
    trials: ['charlm-lstm-128', 'charlm-lstm-512'],
  },
  onednn: { candidates: [passive, {}], trials: ['recurrent-lstm-128', 'lstm-layer-512'] },
};

/** Milliseconds after which a trial is given up: starting PyTorch takes two seconds, a step of the large model one at most. */
const patience = 15_000;
const found = new Map();

/** The contender in its best surroundings; as it is where there is nothing to choose. */
export async function settled(definition, had, log) {
  if (!tables[definition.needs]) return definition;
  if (!found.has(definition.id)) found.set(definition.id, await tryAll(definition, had, log));
  return within(definition, found.get(definition.id));
}

/** What was chosen, in words, for the report. */
export function describeSettings() {
  return [...found].map(([id, settings]) => `${id}: ${inWords(settings)}`);
}

const within = (definition, settings) => ({ ...definition, environment: { ...definition.environment, ...settings } });

async function tryAll(definition, had, log) {
  const { candidates, trials } = tables[definition.needs];
  let best = { settings: {}, time: Infinity };
  for (const settings of candidates) {
    let time = 1;
    for (const name of trials) time *= await quickest(within(definition, settings), works[name], had);
    const took = time < Infinity ? `${Math.sqrt(time).toFixed(1)} ms` : 'too slow';
    log(`${definition.id}: ${took} with ${inWords(settings)}`);
    if (time < best.time) best = { settings, time };
  }
  return best.settings;
}

/** Milliseconds of its quickest step within a second; Infinity where it doesn't run, or drags. */
async function quickest(definition, work, had) {
  const contender = new Contender(definition, { ...work, checkSteps: 1 }, had);
  const giveUp = setTimeout(() => contender.stop(), patience);
  try {
    await contender.ready();
    const { samples } = await contender.round(1);
    return Math.min(...samples);
  } catch {
    return Infinity;
  } finally {
    clearTimeout(giveUp);
    contender.stop();
  }
}

const inWords = (settings) =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ') || 'nothing set';
