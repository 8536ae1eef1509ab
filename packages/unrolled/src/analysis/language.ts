/** The languages in which findings are put into sentences. */
export type Language = 'en' | 'ko';
