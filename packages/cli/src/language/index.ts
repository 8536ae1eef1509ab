// The language that people are spoken to in.

export { afterLanguage, askedLanguage, type SpokenLanguage, languageOf, languages } from './language.ts';
export { english, errorText, speak, spoken, t } from './say.ts';
