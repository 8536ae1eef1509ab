/** The file that has the licenses of what a build puts into its files. */
export const licensesFile: string;
/** The licenses of the packages that these modules come from, as one text. */
export function licensesOf(modules: readonly string[]): string;
/** The license of this project. */
export function ownLicense(): string;
/** The folder of the package that a module comes from; null for our own. */
export function folderOf(id: string): string | null;
