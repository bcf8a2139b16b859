/**
 * Branded identifiers and positions: a number or a string that the compiler will not
 * let anyone confuse with another. A brand costs nothing at run time.
 */
declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Identifies a book by the SHA-256 of its bytes (first 32 hex digits), so a moved file is still the same book. */
export type BookId = Branded<string, 'BookId'>;
/** Identifies one answer, and with it the question, its evidence and its attention map. */
export type AnswerId = Branded<string, 'AnswerId'>;
/** Identifies one conversation about one book. */
export type ChatId = Branded<string, 'ChatId'>;
/** The name of a model in the catalogue, or of one the person opened by path. */
export type ModelId = Branded<string, 'ModelId'>;

/** Counts the leaves of a book from 0. A leaf is what is laid out at once: see `Leaf`. */
export type LeafIndex = Branded<number, 'LeafIndex'>;
/** Counts the sections of a book from 0, in reading order. */
export type SectionIndex = Branded<number, 'SectionIndex'>;
/** Counts the layers of a decoder from 0, the lowest first. */
export type LayerIndex = Branded<number, 'LayerIndex'>;
/** Counts the tokens of a sequence from 0. */
export type TokenIndex = Branded<number, 'TokenIndex'>;

export const bookId = (value: string): BookId => value as BookId;
export const answerId = (value: string): AnswerId => value as AnswerId;
export const chatId = (value: string): ChatId => value as ChatId;
export const modelId = (value: string): ModelId => value as ModelId;
export const leafIndex = (value: number): LeafIndex => value as LeafIndex;
export const sectionIndex = (value: number): SectionIndex => value as SectionIndex;
export const layerIndex = (value: number): LayerIndex => value as LayerIndex;
export const tokenIndex = (value: number): TokenIndex => value as TokenIndex;
