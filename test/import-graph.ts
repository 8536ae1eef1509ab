// Which source imports which, of one package: read from the text of the files, type imports and import(…) included, tests left out.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export type Graph = ReadonlyMap<string, readonly string[]>;

const imported =
  /^\s*(?:import|export)\b[^;'"]*?['"](\.{1,2}\/[^'"]+\.tsx?)['"]|\bimport\(\s*['"](\.{1,2}\/[^'"]+\.tsx?)['"]\s*\)/gm;

/** Every source below `folder`, by its path there, with the sources that it imports. */
export function importGraph(folder: string): Graph {
  const files = (readdirSync(folder, { recursive: true }) as string[])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !/\.(test(-d)?|d|cases)\.ts$/.test(path))
    .sort();
  return new Map(
    files.map((file) => {
      const found = readFileSync(join(folder, file), 'utf8').matchAll(imported);
      const paths = Array.from(found, ([, first, second]) => normalize(join(dirname(file), first ?? second)));
      return [file, [...new Set(paths.map((path) => path.replaceAll('\\', '/')))]];
    }),
  );
}

/** The circles: sets of files each of which reaches all others of its set by imports (Tarjan's strongly connected components of more than one). */
export function circles(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    const at = order.size;
    order.set(file, at);
    lowest.set(file, at);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file) as number, lowest.get(next) as number));
    }
    if (lowest.get(file) !== at) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return found.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** The graph without the imports of one file. */
export function withoutImportsOf(graph: Graph, hub: string): Graph {
  return new Map(Array.from(graph, ([file, imports]) => [file, imports.filter((path) => path !== hub)]));
}

/**
 * The imports that do not run down: `order` has the folders and files of a package from the lowest to the highest, several that know nothing of each
 * other in one line. A folder's own files may import one another. Throws where the order has no place for a file.
 */
export function upward(graph: Graph, order: readonly string[]): string[] {
  const ranks = new Map(order.flatMap((line, rank) => line.split(' ').map((name) => [name, rank] as const)));
  const part = (file: string) => file.split('/')[0];
  const rank = (file: string): number => {
    const found = ranks.get(part(file));
    if (found === undefined) throw new Error(`${file}: ${part(file)} has no place in the order`);
    return found;
  };
  return Array.from(graph, ([file, imports]) =>
    imports.filter((path) => part(path) !== part(file) && rank(path) >= rank(file)).map((path) => `${file} → ${path}`),
  ).flat();
}
