/** The public door of what was attended. */
export { AttentionRecord } from './attentionRecord.ts';
