/** The public door of calls between processes: typed, with progress, back-pressure and cancelling. */
export type { CallContext, CallMap, CallOptions, Handlers } from './callMap.ts';
export { type ChildProcessGlobal, childPort } from './childPort.ts';
export type { Port } from './port.ts';
export { portPair } from './portPair.ts';
export { type Caller, RpcClient } from './rpcClient.ts';
export { serveRpc } from './rpcServer.ts';
