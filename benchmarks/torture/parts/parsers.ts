import { modelParsers } from '../../../test/mutated/model-files.ts';
import { parsers as dataParsers } from '../../../test/mutated/parsers.ts';
import { readDamaged } from '../../../test/mutated/run.ts';
import type { Part, Row } from '../part.ts';

const parsers = [...dataParsers, ...modelParsers];

export const part: Part = {
  name: 'parsers',
  about: `damaged files for ${parsers.length} readers`,

  async run(long) {
    const rows: Row[] = [];
    for (const parser of parsers) {
      const count = Math.ceil((long ? 1_000_000 : 20_000) * parser.share);
      const began = performance.now();
      const { untyped, refused, slowest, grown } = await readDamaged(parser, 1, count);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      for (const what of untyped.slice(0, 5)) process.stderr.write(`  ${what}\n`);
      process.stderr.write(`  ${parser.name}: ${count} in ${seconds} s\n`);
      rows.push({
        bar: `damaged files: ${parser.name}`,
        wanted: 'only errors with a type, none above 1 s, at most 256 MiB more',
        measured: `${count} files, ${refused} refused, ${untyped.length} errors without a type; the slowest in ${slowest[0].toFixed(0)} ms (case ${slowest[1]}); ${grown.toFixed(0)} MiB more`,
        met: untyped.length === 0 && slowest[0] < 1000 && grown <= 256,
      });
    }
    return rows;
  },
};
