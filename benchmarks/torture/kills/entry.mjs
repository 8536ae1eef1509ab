// `unrolled` that is killed at its n-th call of the file system: `node entry.mjs n <arguments of unrolled>`. The calls are counted here,
// around Node's own functions; the command knows nothing of it. Says on standard error what was saved, and whether the end came in a save.

import fs from 'node:fs';
import { main } from '../../../packages/cli/dist/main.js';
import { RunFolder } from '../../../packages/cli/dist/run-folder.js';

const n = Number(process.argv[2]);
const write = fs.writeSync;
const say = (text) => write(2, `${text}\n`);
let calls = 0;
let saving = false;

const names = ['openSync', 'writeSync', 'fsyncSync', 'ftruncateSync', 'closeSync', 'renameSync', 'linkSync'];
for (const name of [...names, 'unlinkSync', 'mkdirSync', 'rmdirSync', 'readdirSync']) {
  const call = fs[name];
  fs[name] = (...args) => {
    const last = ++calls === n;
    // Every other last call is not done any more, and of a write only half.
    if (last && n % 2 === 1 && name === 'writeSync' && args.length >= 4)
      write(args[0], args[1], args[2], args[3] >> 1, args[4]);
    const result = last && n % 2 === 1 ? undefined : call(...args);
    if (last) {
      say(saving ? 'killed in a save' : 'killed');
      process.kill(process.pid, 'SIGKILL');
      for (;;); // the signal is on its way
    }
    return result;
  };
}

const save = RunFolder.prototype.saveCheckpoint;
RunFolder.prototype.saveCheckpoint = async function (data) {
  saving = true;
  await save.call(this, data);
  saving = false;
  say(`saved ${data.step}`);
};
const load = RunFolder.prototype.loadCheckpoint;
RunFolder.prototype.loadCheckpoint = async function (which) {
  const loaded = await load.call(this, which);
  if (which === 'last') say(`loaded ${loaded?.step ?? 0}`);
  return loaded;
};

await main(process.argv.slice(3));
say(`calls ${calls}`);
