// The error of a command that is for runs of one task, given a run of another: it names the command that is for that one.

import { OptionError } from 'unrolled';
import { invoked } from '../installed.ts';
import { shellPath } from '../shell.ts';

/** Tasks whose runs answer to a command of their own. */
const commands: Readonly<Record<string, string>> = { text: 'sample', forecast: 'forecast', vqa: 'ask', memory: 'eval' };

/** For `command`, which is for runs of the task `expected`. */
export function otherTask(command: string, path: string, task: string, expected: string): OptionError {
  const own = Object.hasOwn(commands, task) ? commands[task] : 'predict';
  const line = `${invoked()} ${own} ${shellPath(path)}`;
  return new OptionError(command, path, `is a run of the task ${task}, expected ${expected}; it answers to ${line}`);
}
