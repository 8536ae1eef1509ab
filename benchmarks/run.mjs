// npm run bench -- [work…] [--contenders a,b] [--rounds 5] [--seconds 1] [--tiny] [--source] [--json file] [--list]
//
// Times this library and its rivals at the same works (works.mjs), each contender in a process of its own (contenders.mjs).
// Every contender first shows that it computes the same thing: same parameters, same tokens, same losses. Only then rounds alternate
// between them, so that a noisy minute falls on all alike. Written to benchmarks/results/ as JSON and Markdown.

import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contenders, takesPart } from './contenders.mjs';
import { Contender, wallTime } from './lib/contender.mjs';
import { peaks, prepare } from './lib/install.mjs';
import { describeMachine } from './lib/machine.mjs';
import { document, summarize, workTable } from './lib/report.mjs';
import { describeSettings, settled } from './lib/settings.mjs';
import { shrink, works } from './works.mjs';

/** Relative difference to the standard that float32 sums in another order may have. */
const tolerance = 2e-3;
/** A contender whose step takes longer than this many milliseconds (once it is compiled) is timed for one round only. */
const patience = 10_000;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    contenders: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    tiny: { type: 'boolean', default: false },
    source: { type: 'boolean', default: false },
    json: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

const log = (text) => process.stderr.write(`${text}\n`);

/** This library from its TypeScript sources instead of its build: for whoever is changing them. Its start is slower. */
function fromSource(definition) {
  if (!definition.own) return definition;
  const [program, ...args] = definition.command;
  return { ...definition, command: [program, '--import', new URL('../tools/ts.mjs', import.meta.url).href, ...args] };
}

function chosen() {
  const names = Object.keys(works).filter(
    (name) => positionals.length === 0 || positionals.some((p) => name.startsWith(p)),
  );
  if (names.length === 0)
    throw new Error(`no work starts with ${positionals.join(', ')}; there are ${Object.keys(works).join(', ')}`);
  const ids = options.contenders?.split(',');
  const people = contenders.filter((c) => !ids || ids.some((id) => c.id === id || c.id.startsWith(`${id}-`)));
  if (people.length === 0)
    throw new Error(`no contender ${options.contenders}; there are ${contenders.map((c) => c.id).join(', ')}`);
  return { names, people: options.source ? people.map(fromSource) : people };
}

/** Whose numbers are the standard: code that shares nothing with what is on trial, first of all. */
const trusted = [
  'reference',
  'pytorch-1',
  'pytorch-2',
  'onednn-1',
  'onednn-2',
  'plain',
  'onnxruntime-node-1',
  'jax-js',
  'tfjs-cpu',
];

/** Which of these runs is the standard for the others. */
function standardOf(running) {
  const byTrust = (entry) => (trusted.includes(entry.result.id) ? trusted.indexOf(entry.result.id) : trusted.length);
  return [...running].sort((a, b) => byTrust(a) - byTrust(b))[0]?.result;
}

/** A contender as it runs here. */
const placed = (definition, had) => (options.tiny ? definition : settled(definition, had, log));

/** What is wrong with these checks next to the standard's, or null. */
function complaint(checks, standard, allowed) {
  for (const [i, check] of checks.entries()) {
    const expected = standard.checks[i];
    const apart = Math.abs(check - expected) / Math.max(Math.abs(expected), 1e-6);
    if (!(apart <= allowed))
      return `check ${i + 1} is ${check?.toPrecision(7)} where ${standard.label} has ${expected.toPrecision(7)}`;
  }
  return null;
}

async function timeWork(name, people) {
  const work = options.tiny ? shrink(works[name]) : works[name];
  const results = [];
  const running = [];
  for (const definition of people.filter((person) => takesPart(person, work))) {
    const result = { id: definition.id, label: definition.label };
    results.push(result);
    const had = prepare(definition.needs, log);
    if (had.missing) {
      result.reason = had.missing;
      continue;
    }
    log(`${name}: ${definition.label} …`);
    const contender = new Contender(await placed(definition, had), work, had);
    try {
      Object.assign(result, await contender.ready());
      running.push({ contender, definition, result, rounds: [] });
    } catch (error) {
      result.reason = error.message;
      contender.stop();
    }
  }
  const standard = standardOf(running.filter(({ definition }) => !definition.ownTask));
  for (const { definition, result } of running) {
    const apart = definition.ownTask || work.kind === 'strings'; // everyone draws weights of their own
    const wrong = apart ? null : complaint(result.checks, standard, definition.tolerance ?? tolerance);
    if (wrong) result.reason = wrong;
  }
  const fit = running.filter(({ result }) => !result.reason);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const entry of fit) {
      const slow = entry.result.stepMs > patience;
      if (slow && round > 0) continue;
      const { samples, steps, outcome } = await entry.contender.round(Number(options.seconds));
      // The first round warms up, and counts only where it is the only one.
      if (round > 0 || slow || Number(options.rounds) === 1) entry.rounds.push(samples);
      entry.result.outcome = outcome;
      entry.result.steps = (entry.result.steps ?? 0) + steps;
    }
  }
  for (const { contender, result, rounds } of running) {
    const last = await contender.end().catch(() => ({}));
    contender.stop();
    if (result.reason) continue;
    Object.assign(result, last, summarize(rounds));
    const learns =
      ['charlm', 'seq2seq', 'minchar', 'strings'].includes(work.kind) &&
      result.steps >= (work.learnsAfter ?? 3) &&
      !options.tiny;
    if (learns && !(result.outcome < result.checks[0]))
      Object.assign(result, { median: undefined, reason: 'its loss does not fall' });
  }
  return { name, work, results };
}

/** Whole processes: import, build, one training step, end; less what Node itself takes to start and end. */
async function timeColdStart(name, people) {
  const work = { ...(options.tiny ? shrink(works[name]) : works[name]), once: true };
  const bare = { id: 'node', label: 'bare Node', command: [process.execPath, '-e', '0'], runs: [] };
  const entries = [bare];
  const results = [];
  for (const person of people.filter((p) => takesPart(p, work))) {
    const had = prepare(person.needs, log);
    const [program, ...args] = person.command;
    const command = [
      program === 'python' ? had.python : program,
      ...args,
      JSON.stringify({ ...work, ...person.extra }),
    ];
    if (had.missing) results.push({ label: person.label, reason: had.missing });
    else entries.push({ ...(await placed(person, had)), command, runs: [] });
  }
  for (let round = 0; round <= Number(options.rounds); round++) {
    for (const entry of entries) {
      if (entry.reason) continue;
      try {
        const ms = await wallTime(entry.command, entry.environment);
        if (round > 0) entry.runs.push([ms]); // the first fills the disk's cache
      } catch (error) {
        entry.reason = error.message;
      }
    }
  }
  const base = summarize(bare.runs).median;
  for (const { id, label, runs, reason } of entries) {
    if (reason) results.push({ id, label, reason });
    else if (id === 'node') results.push({ id, label: `${label}, as it is`, ...summarize(runs) });
    else results.push({ id, label, ...summarize(runs.map(([ms]) => [Math.max(ms - base, 0.01)])) });
  }
  return { name, work: { ...work, gflop: undefined, items: undefined, unit: undefined }, results };
}

async function main() {
  if (options.list) {
    log(`works: ${Object.keys(works).join(' ')}\ncontenders: ${contenders.map((c) => c.id).join(' ')}`);
    return;
  }
  const { names, people } = chosen();
  const machine = describeMachine();
  if (machine.load > 0.5) log(`The machine is busy (load ${machine.load}): expect noise.`);
  const limit = options.tiny ? null : peaks();
  const measured = [];
  for (const name of names) {
    const result = works[name].kind === 'cold' ? await timeColdStart(name, people) : await timeWork(name, people);
    measured.push(result);
    process.stdout.write(`${workTable(result)}\n`);
  }
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const text = document(machine, limit, describeSettings(), measured.map(workTable));
  const json = `${JSON.stringify({ machine, peaks: limit, settings: describeSettings(), options, measured }, null, 1)}\n`;
  writeFileSync(new URL(`${stamp}.json`, folder), json);
  if (options.json) writeFileSync(options.json, json);
  writeFileSync(new URL(`${stamp}.md`, folder), text);
  log(`Written to benchmarks/results/${stamp}.md and .json`);
}

await main();
