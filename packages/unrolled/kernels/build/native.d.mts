/** The machines that there are packages for: `linux-x64`. */
export const platforms: readonly string[];

/** The first line of `compiler --version`, or null where there is none. */
export function compilerVersion(compiler: string): string | null;

export interface NativeBuild {
  /** The file to make. */
  readonly target: string;
  /** The include folder of node-api-headers. */
  readonly headers: string;
  /** Default: c++. */
  readonly compiler?: string;
  readonly platform?: string;
  readonly arch?: string;
  readonly force?: boolean;
}

/** Builds the addon and says in words what came of it; throws the compiler's error. */
export function buildNative(build: NativeBuild): Promise<{ built: boolean; text: string }>;
