import { PDFWorker } from 'pdfjs-dist';
import { appUrls } from '#shared/contract/index.ts';
import { HostError } from '#shared/errors/index.ts';

/** pdf.js says it is ready within some 50 ms; a machine under load may take longer. */
const START_LIMIT_MS = 20_000;

export interface StartedPdfWorker {
  readonly worker: PDFWorker;
  readonly stop: () => void;
}

/**
 * Starts pdf.js's worker for a page with an opaque origin. Such a page may start a worker
 * from a blob only, and a module worker fails there without a word; so the script is a
 * classic one, and this resolves only when the worker itself has said that it runs.
 * @throws {HostError} `host/unavailable` when no worker can be had
 */
export async function startPdfWorker(origin: string): Promise<StartedPdfWorker> {
  const response = await fetch(`${appUrls.frameAssets(origin)}pdf.worker.js`);
  if (!response.ok) throw workerFailed(`was refused its script with status ${response.status}`);
  const address = URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
  const port = new Worker(address);
  try {
    await firstMessage(port);
  } catch (error) {
    port.terminate();
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
  const worker = PDFWorker.create({ port });
  return {
    worker,
    stop: () => {
      worker.destroy();
      port.terminate();
    },
  };
}

function firstMessage(port: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`said nothing for ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
    const fail = (found: string): void => {
      clearTimeout(timer);
      reject(workerFailed(found));
    };
    port.addEventListener(
      'message',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
    port.addEventListener('error', (event) => fail(event.message || 'did not start'), { once: true });
  });
}

function workerFailed(found: string): HostError {
  return new HostError('host/unavailable', `The worker that reads PDF files could not be started: it ${found}.`, {
    advice: 'Open the book again. If that does not help, install Proxima anew: a part of it is missing.',
    retryable: true,
  });
}
