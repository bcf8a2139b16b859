import { Template } from '@huggingface/jinja';
import { ModelFileError } from '#shared/errors/index.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A message whose content is whatever should stand in its place. */
export interface TemplateMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** For models whose file brings none: most small ones know this form. */
const chatMl =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/** For base models, which know no chat at all. */
const plainDialogue =
  "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";

/** Lays messages out as the model was trained to read them, ready for the answer. */
export class ChatTemplate {
  readonly #template: Template;
  readonly #vocabulary: Vocabulary;

  /** @throws {ModelFileError} `model/unsupported` when the file's template cannot be understood */
  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    const source = vocabulary.chatTemplate ?? (vocabulary.tokens.includes('<|im_start|>') ? chatMl : plainDialogue);
    this.#template = guarded(() => new Template(source));
  }

  /** @throws {ModelFileError} `model/unsupported` when the template refuses the messages */
  render(messages: readonly TemplateMessage[]): string {
    const { tokens, bosId, eosId } = this.#vocabulary;
    return guarded(() =>
      this.#template.render({
        messages,
        add_generation_prompt: true,
        bos_token: bosId === null ? '' : (tokens[bosId] ?? ''),
        eos_token: eosId === null ? '' : (tokens[eosId] ?? ''),
      }),
    );
  }
}

function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new ModelFileError(
      'model/unsupported',
      `The chat template of this model cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { advice: 'Choose another file of this model, or another model.', cause },
    );
  }
}
