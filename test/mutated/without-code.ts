// Reads damaged files where text cannot become code, and says so. Run by test/mutated-files.test.ts under --disallow-code-generation-from-strings.

import { modelParsers } from './model-files.ts';
import { parsers } from './parsers.ts';
import { readDamaged } from './run.ts';

let refused = false;
try {
  // oxlint-disable-next-line typescript/no-implied-eval -- it is to be refused
  new Function('return 1');
} catch (error) {
  refused = error instanceof EvalError;
}
if (!refused) throw new Error('text can become code here: nothing would be seen');
const names = Reflect.ownKeys(Object.prototype).join();
for (const parser of [...parsers, ...modelParsers]) {
  const { untyped } = await readDamaged(parser, 1, Math.ceil(100 * Math.max(0.02, parser.share)));
  if (untyped.length > 0) throw new Error(untyped[0]);
}
if (Reflect.ownKeys(Object.prototype).join() !== names) throw new Error('a file changed the prototype of all objects');
process.stdout.write('nothing became code\n');
