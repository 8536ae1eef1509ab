/** Languages of the described findings. */
export type ReportLanguage = 'en' | 'ko';
