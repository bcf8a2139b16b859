import { childPort, serveRpc } from '#shared/rpc/index.ts';
import { Engine } from './engine.ts';

/** Entry of the engine process: serves `EngineCalls` to the process that started it. */
const port = childPort(process);
serveRpc(port, new Engine().handlers);
port.onClose(() => process.exit(0));
