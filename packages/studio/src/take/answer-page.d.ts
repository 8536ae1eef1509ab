/** See vite.config.ts. */
declare module 'virtual:answer-page' {
  export const script: string;
  export const style: string;
  /** Of the library and of what else is in the script. */
  export const licenses: string;
}
