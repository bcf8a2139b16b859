import type { ChatMessage, PartTokens } from '#shared/contract/index.ts';
import { ModelFileError } from '#shared/errors/index.ts';
import type { ChatTemplate } from './chatTemplate.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A chat as the model reads it. */
export interface LaidOutPrompt {
  readonly ids: readonly number[];
  /** In the order of the prompt, one for each part that has a source. */
  readonly parts: readonly PartTokens[];
}

/** Stands for part `n` while the template is filled, so that no template can change or act on its text. */
const placeholder = (index: number): string => `\u{F0000}${index}\u{F0001}`;
const placeholders = /\u{F0000}(\d+)\u{F0001}/u;

/**
 * Lays a chat out and tokenises it. Only what the template itself writes may hold control
 * tokens: parts are data, whatever they say. A part with a source is tokenised alone, so that
 * its tokens have exact places in its text; all other text runs on as if written in one piece.
 *
 * @throws {ModelFileError} `model/unsupported` when the template drops a part
 */
export function layOutPrompt(
  messages: readonly ChatMessage[],
  tokenizer: Tokenizer,
  template: ChatTemplate,
): LaidOutPrompt {
  const allParts = messages.flatMap(({ parts }) => parts);
  let next = 0;
  const rendered = template.render(
    messages.map(({ role, parts }) => ({ role, content: parts.map(() => placeholder(next++)).join('') })),
  );

  const { bosId, addBos, tokens } = tokenizer.vocabulary;
  const writesBos = bosId !== null && rendered.startsWith(tokens[bosId]!);
  const ids: number[] = addBos && bosId !== null && !writesBos ? [bosId] : [];
  const parts: PartTokens[] = [];
  let run = '';
  let followsText = false;
  const endRun = (): void => {
    if (run === '') return;
    for (const id of followsText ? tokenizer.encodeWithin(run) : tokenizer.encode(run, 'plain')) ids.push(id);
    run = '';
    followsText = true;
  };
  let placed = 0;
  rendered.split(placeholders).forEach((piece, index) => {
    if (index % 2 === 0) {
      for (const written of tokenizer.splitControls(piece)) {
        if ('text' in written) run += written.text;
        else {
          endRun();
          ids.push(written.id);
          followsText = false;
        }
      }
      return;
    }
    const part = allParts[Number(piece)]!;
    placed += 1;
    if (part.source === undefined) {
      run += part.text;
      return;
    }
    endRun();
    const encoded = tokenizer.encodeWithOffsets(part.text);
    parts.push({ source: part.source, tokenStart: ids.length, offsets: encoded.offsets });
    for (const id of encoded.ids) ids.push(id);
    followsText = true;
  });
  endRun();
  if (placed !== allParts.length) {
    throw new ModelFileError(
      'model/unsupported',
      `The chat template of this model takes ${placed} of ${allParts.length} parts of the prompt.`,
      { advice: 'Choose another model: this one cannot be given instructions and a text.' },
    );
  }
  return { ids, parts };
}
