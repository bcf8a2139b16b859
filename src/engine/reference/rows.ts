/** One row of float64 for each token: `[tokens][width]`. */
export type Rows = readonly Float64Array[];

/** Each token's row cut into heads: `[tokens][heads][headDim]`. */
export type HeadRows = readonly Rows[];

/** Cuts every row into heads of `headDim` numbers; views, not copies. */
export function splitHeads(rows: Rows, headDim: number): HeadRows {
  return rows.map((row) =>
    Array.from({ length: row.length / headDim }, (_, head) => row.subarray(head * headDim, (head + 1) * headDim)),
  );
}

/** Puts the heads of every token side by side again: `[tokens][heads * headDim]`. */
export const joinHeads = (heads: HeadRows): Rows =>
  heads.map((token) => Float64Array.from(token.flatMap((head) => Array.from(head))));

/** Adds two streams number by number. */
export const addRows = (left: Rows, right: Rows): Rows =>
  left.map((row, token) => row.map((value, index) => value + right[token]![index]!));

export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += left[index]! * right[index]!;
  return sum;
}
