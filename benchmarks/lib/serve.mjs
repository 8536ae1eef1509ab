// A contender's side of the protocol: one process, one work, lines of JSON.
//
//   argv[2]    the work
//   → {"ready":true, checks, setupMs, firstMs, stepMs}    after the check: how long the first step took, and the last
//   ← {"seconds":1}                                  one round
//   → {"samples":[ms…], "steps", "outcome"}          each sample is one step, or the mean of a bunch of short ones
//   ← {"end":true}
//   → {"peakRss":bytes}
//
// With work.once: build, one step, leave; the caller times the whole process.

import readline from 'node:readline';

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/**
 * `make(work)` → { step(): outcome, check?(): number[] }, either of them a promise or not. Without a check the first three outcomes are it.
 */
export async function serve(make) {
  const work = JSON.parse(process.argv[2]);
  const started = performance.now();
  const job = await make(work);
  const setupMs = performance.now() - started;
  if (work.once) {
    say({ outcome: await job.step() });
    process.exit(0);
  }
  const times = [];
  const timed = async (f) => {
    const before = performance.now();
    const value = await f();
    times.push(performance.now() - before);
    return value;
  };
  const checks = job.check ? [...(await timed(() => job.check()))] : [];
  while (!job.check && checks.length < (work.checkSteps ?? 3)) checks.push(await timed(() => job.step()));
  say({ ready: true, checks, setupMs, firstMs: times[0], stepMs: times.at(-1) });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.end) break;
    say(await round(job, message.seconds));
  }
  say({ peakRss: process.resourceUsage().maxRSS * 1024 });
  process.exit(0);
}

/** Steps until the time is up, at least one. Steps too short for the clock are timed in bunches. */
async function round(job, seconds) {
  const samples = [];
  const end = performance.now() + seconds * 1000;
  let bunch = 1;
  let steps = 0;
  let outcome;
  while (true) {
    const before = performance.now();
    for (let i = 0; i < bunch; i++) {
      outcome = job.step();
      if (outcome instanceof Promise) outcome = await outcome;
    }
    const after = performance.now();
    steps += bunch;
    if (after - before < 2 && bunch < 1000) bunch *= 2;
    else samples.push((after - before) / bunch);
    if (after >= end && samples.length > 0) return { samples, steps, outcome };
  }
}
