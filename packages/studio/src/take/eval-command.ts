/** `npx unrolled eval …` on a file of the unzipped run, or on what the task makes itself. */
export const evalCommand = (root: string, file: string | null): string =>
  `npx unrolled eval ${root}${file === null ? '' : ` --file ${root}/${file}`}`;
