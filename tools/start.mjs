// `npm start`: set up, then watch a network learn. What follows `--` goes to `unrolled train text`, whose `--demo` sets a run of
// about a minute on a text that every install has: `npm start -- --text my.txt` does the same on your own.

import { setup } from './setup.mjs';

setup();
const args = process.argv.slice(2);
const length = /^--(text|config|steps|epochs|minutes)(=|$)/;
const minute = args.some((arg) => length.test(arg)) ? [] : ['--minutes', '1'];
process.argv = [process.argv[0], 'unrolled', 'train', 'text', '--demo', ...minute, ...args];
await import('../packages/cli/bin/unrolled.js');
