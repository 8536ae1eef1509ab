// How this command was installed, for what is suggested to be typed: by npx for this once, into a project, or for the whole machine.
//
// Packages that few files need, and that are large, are optional: whoever has such files installs them next to the command.

import { dirname, isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnrolledError } from 'unrolled';
import { shellWord } from './shell.ts';

export type Installation = 'npx' | 'project' | 'machine';

/** `at`: a file of this package. In a clone it is in no node_modules: the clone is the project. */
export function installationAt(at: string, cwd: string): Installation {
  if (at.split(sep).includes('_npx')) return 'npx';
  const modules = at.indexOf(`${sep}node_modules${sep}`);
  const way = relative(at.slice(0, modules < 0 ? 0 : modules) || sep, cwd);
  return modules < 0 || (!isAbsolute(way) && way.split(sep)[0] !== '..') ? 'project' : 'machine';
}

const installation = (): Installation => installationAt(dirname(fileURLToPath(import.meta.url)), process.cwd());

/** What stands before `train text my.txt` in a suggestion: what starts this command once more from here. */
export function invoked(how: Installation = installation()): string {
  if (how === 'machine') return 'unrolled';
  return how === 'npx' ? 'npx @unrolled/cli' : 'npx unrolled';
}

/** A line that is written `unrolled train text my.txt`, as it is to be typed here. */
export function typed(line: string, how: Installation = installation()): string {
  return line.replace(/(?:\bnpx )?\bunrolled(?= )/, invoked(how));
}

/** The line to type for a package that is missing. Under npx it is the whole command once more, which is where its packages are named. */
export function lineToInstall(
  name: string,
  how: Installation = installation(),
  args: readonly string[] = process.argv.slice(2),
): string {
  if (how === 'npx') return ['npx', '-p', '@unrolled/cli', '-p', name, 'unrolled', ...args.map(shellWord)].join(' ');
  return how === 'machine' ? `npm install --global ${name}` : `npm install ${name}`;
}

/** Loads a package that may be missing, or made for other machines. The error says what needs it, in words like `--where`, and what to type. */
export async function loadPackage<T>(name: string, what: string, imported: () => Promise<T>): Promise<T> {
  try {
    return await imported();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`);
    const problem = missing
      ? `${what} needs ${name}, which is not installed:\n  ${lineToInstall(name)}`
      : `${what} needs ${name}, which cannot be loaded: ${message.trim().split('\n')[0]}`;
    throw new UnrolledError('missing', problem, { cause });
  }
}
