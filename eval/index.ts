import { tellError } from '../scripts/tellError.ts';
import { evalCommand } from './evalCommand.ts';

const exitCode = await evalCommand(process.argv.slice(2), import.meta.filename).catch((error: unknown) => {
  tellError(error);
  return 1;
});
process.exit(exitCode);
