import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist';
import { appUrls, bulkUrls } from '#shared/contract/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import type { ViewerSetting } from '../bookViewer.ts';
import { BulkRangeTransport } from './bulkRangeTransport.ts';
import { startPdfWorker } from './startPdfWorker.ts';

/** Larger pictures are left out: they would take a gigabyte as pixels. */
const MAX_IMAGE_PIXELS = 100_000_000;

export interface OpenPdf {
  readonly book: PDFDocumentProxy;
  close(): void;
}

/**
 * Opens a PDF for viewing: parsing on a worker of its own, bytes by ranges as they are
 * needed, no scripts, no forms, no XFA.
 * @throws {DocumentError} `document/encrypted`, `document/damaged`
 * @throws {HostError} when the worker does not start
 */
export async function openPdf({ info, origin, password }: ViewerSetting): Promise<OpenPdf> {
  const { worker, stop } = await startPdfWorker(origin);
  const lost = Promise.withResolvers<never>();
  const assets = appUrls.frameAssets(origin);
  const task = getDocument({
    range: new BulkRangeTransport(bulkUrls.file(origin, info.id), info.fileBytes, (error) => lost.reject(error)),
    worker,
    ...(password === undefined ? {} : { password }),
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    maxImageSize: MAX_IMAGE_PIXELS,
    cMapUrl: `${assets}cmaps/`,
    standardFontDataUrl: `${assets}standard_fonts/`,
    wasmUrl: `${assets}wasm/`,
    iccUrl: `${assets}iccs/`,
    useWorkerFetch: true,
  });
  try {
    const book = await Promise.race([task.promise, lost.promise]);
    lost.promise.catch(() => undefined);
    return {
      book,
      close: () => {
        void task.destroy().finally(stop);
      },
    };
  } catch (error) {
    stop();
    throw asDocumentError(error);
  }
}

function asDocumentError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error.name === 'PasswordException') {
    return new DocumentError('document/encrypted', 'This file is protected and opens with its password only.', {
      advice: 'Type the password of the file.',
      retryable: true,
      cause: error,
    });
  }
  return new DocumentError('document/damaged', `This PDF could not be opened for viewing: ${error.message}`, {
    advice: 'Check that the file is complete, or get it again.',
    cause: error,
  });
}
