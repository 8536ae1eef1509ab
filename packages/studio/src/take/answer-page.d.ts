/** See vite.config.ts. */
declare module 'virtual:answer-page' {
  export const script: string;
  export const style: string;
}
