import { z } from 'zod';
import { KeyedLines } from '../reporting/keyedLines.ts';

const turnSchema = z.object({
  question: z.string(),
  /** What the answer should hold, as the talk has it. */
  expected: z.array(z.array(z.string())),
  answer: z.string(),
  /** Whether the model ended the answer itself. */
  isWhole: z.boolean(),
  notFound: z.boolean(),
  passage: z.enum(['quoted', 'attended', 'none']),
  words: z.boolean(),
  wasRead: z.boolean(),
  /** The sentences shown under the answer. */
  evidence: z.array(z.object({ kind: z.enum(['quoted', 'attended']), quote: z.string() })),
  promptTokens: z.number(),
  reusedTokens: z.number(),
  newTokens: z.number(),
  cacheBytes: z.number(),
  /** Of `cacheBytes`: copies that let the next question go on from what was read. */
  snapshotBytes: z.number(),
  denseFp16Bytes: z.number(),
  milliseconds: z.number(),
});
const resultSchema = z.object({
  /** Digest of model, plan, document, questions and settings. */
  key: z.string(),
  date: z.string(),
  model: z.string(),
  policy: z.string(),
  document: z.enum(['guide', 'novel', 'chapters']),
  /** Title of the document. */
  title: z.string(),
  amount: z.enum(['brief', 'full']),
  /** What of the document was asked about. @default all of it */
  part: z.string().optional(),
  turns: z.array(turnSchema),
});

/** One question of a conversation that was held, its answer, and how it was judged. */
export type TalkTurn = z.infer<typeof turnSchema>;

/** One conversation under one policy. */
export type TalkResult = z.infer<typeof resultSchema>;

/** Conversations that were held to their end. */
export class TalkStore extends KeyedLines<TalkResult> {
  constructor(path: string) {
    super(path, resultSchema);
  }
}
