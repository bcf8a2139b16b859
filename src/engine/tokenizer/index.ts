/** The public door of tokens: text to ids with places, chats to prompts, ids to text as they come. */
export { ChatTemplate } from './chatTemplate.ts';
export { type LaidOutPrompt, layOutPrompt } from './promptLayout.ts';
export { StreamingText } from './streamingText.ts';
export { type EncodedText, type TextKind, Tokenizer } from './tokenizer.ts';
