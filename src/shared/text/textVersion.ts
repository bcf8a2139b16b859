/**
 * Counts the changes of how pages and markup become plain text. Texts, passages and offsets
 * kept by an older version are read anew: raise it with every change that moves an offset.
 */
export const TEXT_VERSION = 1;
