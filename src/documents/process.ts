import { childPort, serveRpc } from '#shared/rpc/index.ts';
import { DocumentService } from './documentService.ts';

/** Entry of the document process: serves `DocumentCalls` to the process that started it. */
const service = new DocumentService();
const port = childPort(process);
serveRpc(port, service.handlers);
port.onClose(() => process.exit(0));
