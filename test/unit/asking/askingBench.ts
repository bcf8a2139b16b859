import { type AskRequest, type AskServices, askBook, BookShelf, estimateScope } from '#asking/index.ts';
import { type Library, openLibrary } from '#library/index.ts';
import type { DocumentCalls, EngineCalls } from '#shared/contract/index.ts';
import {
  answerId,
  type BookId,
  type NumberedAnswerEvent,
  type ReadingAmount,
  type Scope,
  type ScopeEstimate,
} from '#shared/domain/index.ts';
import { portPair, RpcClient, serveRpc } from '#shared/rpc/index.ts';
import { type MemoryChapter, MemoryDocuments } from '../../fakes/memoryDocuments.ts';
import { ScriptedEngine, scriptedModel } from '../../fakes/scriptedEngine.ts';

/** A shelf with one open book, a scripted engine behind a real line, and a real library. */
export interface AskingBench {
  readonly documents: MemoryDocuments;
  readonly engine: ScriptedEngine;
  readonly library: Library;
  readonly shelf: BookShelf;
  /** What a question is asked with: the four above, behind their lines. */
  readonly services: AskServices;
  readonly book: BookId;
  /** Ends the engine's line, as the death of its process does. */
  killEngine(): void;
  ask(question: string, more?: Partial<AskRequest>, signal?: AbortSignal): Promise<readonly NumberedAnswerEvent[]>;
  estimate(request: { readonly scope: Scope; readonly amount?: ReadingAmount | undefined }): Promise<ScopeEstimate>;
  dispose(): Promise<void>;
}

export async function askingBench(
  chapters: readonly MemoryChapter[],
  answer: string | ((prompt: string) => string) = 'An answer.',
): Promise<AskingBench> {
  const documents = new MemoryDocuments('The Book', chapters);
  const engine = new ScriptedEngine(answer);
  const documentLine = portPair();
  serveRpc(documentLine.server, documents.handlers);
  const engineLine = portPair();
  serveRpc(engineLine.server, engine.handlers);
  const library = openLibrary(':memory:');
  const clients = {
    documents: new RpcClient<DocumentCalls>(documentLine.client),
    engine: new RpcClient<EngineCalls>(engineLine.client),
    library,
  };
  const shelf = new BookShelf(clients);
  const services: AskServices = { ...clients, shelf };
  const { info } = await shelf.open('/the-book.epub');
  let count = 0;
  return {
    documents,
    engine,
    library,
    shelf,
    services,
    book: info.id,
    killEngine: () => engineLine.close(),
    async ask(question, more = {}, signal = new AbortController().signal) {
      const events: NumberedAnswerEvent[] = [];
      const request: AskRequest = {
        answerId: answerId(`a${count++}`),
        book: info.id,
        chat: null,
        question,
        scope: { kind: 'whole' },
        model: { ...scriptedModel, contextTokens: engine.contextTokens },
        ...more,
      };
      await askBook(services, request, { signal, onEvent: (event) => void events.push(event) });
      return events;
    },
    estimate: (request) =>
      estimateScope(
        services,
        { ...request, book: info.id, contextTokens: engine.contextTokens },
        new AbortController().signal,
      ),
    async dispose() {
      await shelf.dispose();
      documentLine.close();
      engineLine.close();
      library.dispose();
    },
  };
}

/** The one event of a kind. */
export function only<Type extends NumberedAnswerEvent['type']>(
  events: readonly NumberedAnswerEvent[],
  type: Type,
): Extract<NumberedAnswerEvent, { type: Type }> {
  const found = events.filter((event) => event.type === type);
  if (found.length !== 1) throw new Error(`${found.length} events "${type}" among ${events.map((e) => e.type).join()}`);
  return found[0] as Extract<NumberedAnswerEvent, { type: Type }>;
}
