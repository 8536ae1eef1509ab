/** The languages in which findings are put into sentences. */
export type ReportLanguage = 'en' | 'ko';
