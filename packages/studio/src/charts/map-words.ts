import { catalogue } from '../words/catalogue.ts';

export const mapWords = catalogue({
  en: { smooth: 'smooth the map' },
  ko: { smooth: '지도를 매끄럽게' },
});
