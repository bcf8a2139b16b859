import { z } from 'zod';
import { type AppCallName, type AppCalls, deviceNames } from '../../shared/contract/index.ts';
import {
  type AnswerId,
  answerId,
  type BookId,
  bookId,
  type ChatId,
  chatId,
  type LeafIndex,
  leafIndex,
  type ModelId,
  modelId,
  policyChoices,
  type SectionIndex,
  sectionIndex,
} from '../../shared/domain/index.ts';

/** A question longer than a book's chapter is none. */
const MAX_QUESTION_CHARACTERS = 20_000;
/** Linux allows 4,096 bytes, Windows 32,767 characters. */
const MAX_PATH_CHARACTERS = 32_767;
const MAX_SEARCH_HITS = 1_000;

const book: z.ZodType<BookId> = z
  .string()
  .regex(/^[\da-z]{1,64}$/)
  .transform(bookId);
const id = z.string().regex(/^[\w-]{1,64}$/);
const answer: z.ZodType<AnswerId> = id.transform(answerId);
const chat: z.ZodType<ChatId> = id.transform(chatId);
const model: z.ZodType<ModelId> = z.string().min(1).max(MAX_PATH_CHARACTERS).transform(modelId);
const count = z.int().nonnegative();
const leaf: z.ZodType<LeafIndex> = count.transform(leafIndex);
const section: z.ZodType<SectionIndex> = count.transform(sectionIndex);
const path = z.string().min(1).max(MAX_PATH_CHARACTERS);
const position = z.object({ leaf, offset: count });
const span = z.object({ leaf, start: count, end: count });
const scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('selection'), span }),
  z.object({ kind: z.literal('leaves'), first: leaf, last: leaf }),
  z.object({ kind: z.literal('section'), section }),
  z.object({ kind: z.literal('whole') }),
]);
const amount = z.enum(['brief', 'full']);
/** What of the settings may be changed, and what of the saved ones still counts. */
export const settingsSchema = z
  .object({
    theme: z.enum(['system', 'light', 'dark']),
    model,
    policy: z.enum(policyChoices),
    device: z.enum(deviceNames),
    panels: z.object({ outline: z.boolean(), chat: z.boolean() }),
    textSizePx: z.number().min(8).max(64),
    cacheCapBytes: count,
  })
  .partial();

/**
 * What the window may send with each call. A page is not trusted, also when it is ours:
 * an input that does not fit is refused before any handler sees it.
 */
export const callSchemas = {
  'app.state': z.null(),
  'app.saveSettings': settingsSchema,
  'books.pick': z.null(),
  'books.list': z.null(),
  'books.open': z.object({ path, password: z.string().max(1_024).optional() }),
  'books.openWelcome': z.null(),
  'books.close': z.object({ book }),
  'books.remove': z.object({ book }),
  'books.savePosition': z.object({ book, position }),
  'books.search': z.object({ book, query: z.string().max(1_000), limit: z.int().min(1).max(MAX_SEARCH_HITS) }),
  'ask.estimate': z.object({ book, scope, amount: amount.optional() }),
  'ask.start': z.object({
    book,
    chat: chat.nullable(),
    question: z.string().max(MAX_QUESTION_CHARACTERS),
    scope,
    amount: amount.optional(),
  }),
  'ask.stop': z.object({ answerId: answer }),
  'chats.turns': z.object({ book }),
  'chats.clear': z.object({ book }),
  'maps.describe': z.object({ answerId: answer }),
  'engine.load': z.null(),
  'engine.devices': z.null(),
  'models.list': z.null(),
  'models.fetch': z.object({ model }),
  'models.cancelFetch': z.object({ model }),
} satisfies { readonly [Name in AppCallName]: z.ZodType };

type Schemas = typeof callSchemas;
/** Names of calls whose schema gives something else than the contract says; there may be none. */
type Mismatched = {
  [Name in AppCallName]: z.output<Schemas[Name]> extends Loose<AppCalls[Name]['in']> ? never : Name;
}[AppCallName];
/** The same type with `undefined` allowed where a field may be left out, which is how zod writes it. */
type Loose<T> = T extends object
  ? { [Key in keyof T]: T[Key] | (T extends Required<Pick<T, Key>> ? never : undefined) }
  : T;
type Complete<Names extends never> = Names;
export type SchemasFitTheContract = Complete<Mismatched>;
