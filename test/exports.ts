// What a door of the library gives, read from the sources: every name, where it is declared, and whether a doc comment stands above it there.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(new URL('../packages/unrolled/src', import.meta.url));

export interface Exported {
  readonly name: string;
  readonly file: string;
  readonly documented: boolean;
}

const exportsFrom =
  /^export (?<type>type )?(?:\*(?: as (?<namespace>\w+))?|\{(?<list>[^}]*)\})(?: from '(?<from>\.[^']+)')?;/gm;
const imports = /^import (?:type )?\{(?<list>[^}]*)\} from '(?<from>\.[^']+)';/gm;
const declares = /^export (?:declare )?(?:abstract |async )?(?:class|function\*?|const|let|interface|type|enum) (\w+)/;

const lines = new Map<string, string[]>();
const linesOf = (file: string): string[] => {
  let known = lines.get(file);
  if (!known) lines.set(file, (known = readFileSync(file, 'utf8').split('\n')));
  return known;
};

/** Everything that `file` exports, by name. Throws where a name cannot be followed to its declaration. */
export function exportsOf(file: string): Exported[] {
  const found: Exported[] = [];
  for (const { groups = {} } of linesOf(file).join('\n').matchAll(exportsFrom)) {
    const { namespace, list, from } = groups;
    const target = from ? join(dirname(file), from) : file;
    if (!existsSync(target)) throw new Error(`${file}: there is no ${from}`);
    if (namespace) found.push({ name: namespace, file: target, documented: linesOf(target)[0].startsWith('//') });
    else if (list === undefined) found.push(...exportsOf(target));
    else
      for (const entry of list.split(',').filter((text) => text.trim() !== '')) {
        const [own, name = own] = entry
          .trim()
          .replace(/^type /, '')
          .split(' as ');
        found.push({ ...declaration(target, own), name });
      }
  }
  for (const line of linesOf(file)) {
    const name = declares.exec(line)?.[1];
    if (name) found.push(declaration(file, name));
  }
  return found;
}

function declaration(file: string, name: string): Exported {
  const all = linesOf(file);
  const at = all.findIndex((line) => (declares.exec(line) ?? declares.exec(`export ${line}`))?.[1] === name);
  if (at >= 0) return { name, file, documented: all[at - 1]?.trimEnd().endsWith('*/') ?? false };
  const text = all.join('\n');
  // What another package has a door for is declared behind that door.
  for (const { groups = {} } of text.matchAll(
    /^export (?:type )?\{(?<list>[^}]*)\} from 'unrolled\/(?<door>\w+)';/gm,
  )) {
    const has = groups.list.split(',').some((one) => one.trim().split(' ').at(-1) === name);
    const found = has && exportsOf(join(library, groups.door, 'index.ts')).find((one) => one.name === name);
    if (found) return found;
  }
  for (const { groups = {} } of [...text.matchAll(exportsFrom), ...text.matchAll(imports)]) {
    const entry = groups.list?.split(',').find((one) => one.trim().split(' ').at(-1) === name);
    if (entry && groups.from)
      return declaration(
        join(dirname(file), groups.from),
        entry
          .trim()
          .replace(/^type /, '')
          .split(' as ')[0],
      );
  }
  throw new Error(`${file}: no declaration of ${name} was found`);
}
