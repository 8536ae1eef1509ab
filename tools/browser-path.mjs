// Where a Chromium is, if there is one: CHROMIUM says so, or it is on the path (Debian: apt-get install chromium).

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const folders = (process.env.PATH ?? '').split(delimiter);

export const browserPath =
  process.env.CHROMIUM ?? folders.flatMap((f) => names.map((n) => join(f, n))).find(existsSync);
