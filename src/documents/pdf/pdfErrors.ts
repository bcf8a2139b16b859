import { DocumentError } from '#shared/errors/index.ts';

/** What pdf.js throws, in Proxima's words. */
export function pdfError(thrown: unknown, hadPassword: boolean): DocumentError {
  if (thrown instanceof DocumentError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'PasswordException') {
    return new DocumentError(
      'document/encrypted',
      hadPassword ? 'This PDF does not open with the password given.' : 'This PDF is encrypted and needs a password.',
      {
        advice: hadPassword ? 'Try the password again.' : 'Open it with its password.',
        retryable: true,
        cause: thrown,
      },
    );
  }
  const detail = thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown);
  return new DocumentError('document/damaged', `This PDF is damaged or cut off: ${detail}.`, {
    advice: 'Get the file again, or repair it with a PDF tool, then open it.',
    cause: thrown,
  });
}
