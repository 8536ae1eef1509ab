// `unrolled studio` as far as it refuses: what it serves is tested where it is served.

import { expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';

workFolder('studio');

test('an address that others reach is refused, with those that are not', async () => {
  for (const host of ['0.0.0.0', '::', '192.168.0.1'])
    expect(await unrolled('studio', '--host', host)).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        `studio: --host: ${host} can be reached by others, and the studio has no key; expected 127.0.0.1, localhost or ::1`,
      ),
    });
});
