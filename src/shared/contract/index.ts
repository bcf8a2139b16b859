/** The public door of the contract: every call and event between processes. */
export * from './appCalls.ts';
export * from './appUrls.ts';
export * from './bulkUrls.ts';
export * from './devices.ts';
export type * from './documentCalls.ts';
export * from './engineCalls.ts';
export type * from './frameCalls.ts';
export * from './frameChannel.ts';
export * from './mapTileBytes.ts';
