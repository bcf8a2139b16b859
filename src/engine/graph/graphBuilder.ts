import type { Device } from '#shared/contract/index.ts';
import { EngineError } from '#shared/errors/index.ts';
import { attributeCode, type ElementType, elementCode, onnxModelType } from './onnxSchema.ts';

/** The name of a tensor in a graph: an edge between nodes. */
export type Edge = string;

/** A dimension: a fixed length, or the name of one that is known when the graph runs. */
export type Dimension = number | string;

/** An attribute value: whole numbers become `int`, `{ float }` a float. */
export type AttributeValue = number | { readonly float: number } | string | readonly number[];

export interface NodeOptions {
  /** The place of the node, e.g. `/layers.7/attn/distant/Softmax`. Unique in its graph. */
  readonly name: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Operator domain; `com.microsoft` for ONNX Runtime's own operators. @default '' */
  readonly domain?: '' | 'com.microsoft';
  /** Number of outputs. @default 1 */
  readonly outputs?: number;
  /** Outputs that the operator may leave out, by number. @default none */
  readonly unwanted?: readonly number[];
}

type TensorData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

interface NodeMessage {
  readonly input: readonly Edge[];
  readonly output: readonly Edge[];
  readonly name: string;
  readonly opType: string;
  readonly attribute: readonly object[];
  readonly domain: string;
}

interface ValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly { readonly dimValue?: number; readonly dimParam?: string }[] };
    };
  };
}

/**
 * Collects the nodes of one ONNX graph under names that are places, so that a profile, an
 * error of the runtime and a test speak of the same thing.
 *
 * Shape constants are shared: asking twice for the same one gives the same edge.
 * Throws `EngineError` (`engine/internal`) when a name is used twice.
 */
export class GraphBuilder {
  /** Where the graph will run: it has only operators that this device computes itself. */
  readonly device: Device;
  readonly #name: string;
  readonly #wantedTaps: ReadonlySet<string> | 'all';
  /** Where nodes go: the graph, or the part of an `If` that is being made. */
  #nodes: NodeMessage[] = [];
  readonly #initializers: object[] = [];
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #names = new Set<string>();
  readonly #taps = new Set<string>();

  /**
   * @param name Name of the graph, shown in profiles.
   * @param wantedTaps Edges that `tap` shall turn into outputs; `'all'` takes every one that is offered.
   */
  constructor(name: string, wantedTaps: ReadonlySet<string> | 'all' = new Set(), device: Device = 'cpu') {
    this.device = device;
    this.#name = name;
    this.#wantedTaps = wantedTaps;
  }

  /** The taps that became outputs, by name. */
  get taps(): ReadonlySet<string> {
    return this.#taps;
  }

  /** Number of nodes so far: what a test counts where times would wobble. */
  get nodeCount(): number {
    return this.#nodes.length;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): Edge {
    this.#claim(name);
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Makes `edge` an output called `name`. */
  output(name: string, edge: Edge, type: ElementType, shape: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
    this.#claim(name);
    this.#push('Identity', [edge], [name], { name: `/outputs/${name}` });
  }

  /** Offers `edge` as an output for tests and exploration; costs nothing when nobody asked for it. */
  tap(name: string, edge: Edge, shape: readonly Dimension[]): void {
    if (this.#wantedTaps !== 'all' && !this.#wantedTaps.has(name)) return;
    this.#taps.add(name);
    this.output(name, edge, 'float32', shape);
  }

  /** A constant tensor. */
  constant(name: string, type: ElementType, shape: readonly number[], data: TensorData): Edge {
    this.#claim(name);
    const expected = shape.reduce((product, length) => product * length, 1);
    if (expected !== data.length) {
      throw new EngineError('engine/internal', `Constant ${name}: ${data.length} values for ${expected} places.`, {
        advice: 'This is a fault in Proxima. Please report it.',
      });
    }
    this.#initializers.push({
      dims: shape,
      dataType: elementCode[type],
      name,
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  }

  /** A constant that several nodes use: made by the first that asks for the name. */
  sharedConstant(name: string, type: ElementType, shape: readonly number[], make: () => TensorData): Edge {
    return this.#names.has(name) ? name : this.constant(name, type, shape, make());
  }

  /** A shared list of whole numbers, as `Reshape`, `Slice` and `Split` take them. */
  shape(values: readonly number[]): Edge {
    const name = `/shapes/${values.join('x')}`;
    return this.sharedConstant(name, 'int64', [values.length], () => BigInt64Array.from(values.map(BigInt)));
  }

  /** A shared float32 scalar. */
  scalar(value: number): Edge {
    return this.sharedConstant(`/scalars/${value}`, 'float32', [], () => Float32Array.of(value));
  }

  /** Adds a node with one output and returns its edge, which bears the node's name. */
  node(operator: string, inputs: readonly Edge[], options: NodeOptions): Edge {
    return this.nodes(operator, inputs, { ...options, outputs: 1 })[0]!;
  }

  /** Adds a node with several outputs; the first bears the node's name, the others add `:1`, `:2`. Unwanted ones are ''. */
  nodes(operator: string, inputs: readonly Edge[], options: NodeOptions): Edge[] {
    this.#claim(options.name);
    const outputs = Array.from({ length: options.outputs ?? 1 }, (_, index) => {
      if (options.unwanted?.includes(index)) return '';
      return index === 0 ? options.name : `${options.name}:${index}`;
    });
    this.#push(operator, inputs, outputs, options);
    return outputs;
  }

  /**
   * Adds an `If`: when the graph runs, one of two parts does. Both may use any edge from outside; inputs and
   * constants they ask for become the graph's.
   * @param whether `[1]` bool
   * @param types of the results, which both parts give in the same order
   */
  choose(
    whether: Edge,
    types: readonly ElementType[],
    parts: { readonly then: () => readonly Edge[]; readonly otherwise: () => readonly Edge[] },
    name: string,
  ): Edge[] {
    const branches = [
      { name: 'then_branch', type: attributeCode.graph, g: this.#part(`${name}/then`, types, parts.then) },
      { name: 'else_branch', type: attributeCode.graph, g: this.#part(`${name}/else`, types, parts.otherwise) },
    ];
    this.#claim(name);
    const output = types.map((_, index) => `${name}:${index}`);
    this.#nodes.push({ input: [whether], output, name, opType: 'If', attribute: branches, domain: '' });
    return output;
  }

  #part(name: string, types: readonly ElementType[], make: () => readonly Edge[]): object {
    const outside = this.#nodes;
    this.#nodes = [];
    try {
      const results = make();
      const made = new Set(this.#nodes.flatMap(({ output }) => output));
      // A part can only give out what it made itself, and each edge once: the runtime leaves a second place empty.
      const given = results.map((edge, index) =>
        made.has(edge) && results.indexOf(edge) === index
          ? edge
          : this.node('Identity', [edge], { name: `${name}/${index}` }),
      );
      const output = given.map((edge, index) => ({
        name: edge,
        type: { tensorType: { elemType: elementCode[types[index]!] } },
      }));
      return { name, node: this.#nodes, output };
    } finally {
      this.#nodes = outside;
    }
  }

  /** The finished model, ready for a session. */
  serialise(): Uint8Array {
    const graph = {
      name: this.#name,
      node: this.#nodes,
      initializer: this.#initializers,
      input: this.#inputs,
      output: this.#outputs,
    };
    return onnxModelType
      .encode({
        irVersion: 10,
        producerName: 'proxima',
        graph,
        opsetImport: [
          { domain: '', version: 21 },
          { domain: 'com.microsoft', version: 1 },
        ],
      })
      .finish();
  }

  #push(operator: string, input: readonly Edge[], output: readonly Edge[], options: NodeOptions): void {
    const attribute = Object.entries(options.attributes ?? {}).map(([name, value]) => attributeMessage(name, value));
    this.#nodes.push({ input, output, name: options.name, opType: operator, attribute, domain: options.domain ?? '' });
  }

  #claim(name: string): void {
    if (this.#names.has(name)) {
      throw new EngineError('engine/internal', `Two things in graph ${this.#name} are called ${name}.`, {
        advice: 'This is a fault in Proxima. Please report it.',
      });
    }
    this.#names.add(name);
  }
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ValueInfo {
  const dim = shape.map((length) => (typeof length === 'number' ? { dimValue: length } : { dimParam: length }));
  return { name, type: { tensorType: { elemType: elementCode[type], shape: { dim } } } };
}

function attributeMessage(name: string, value: AttributeValue): object {
  if (typeof value === 'number') return { name, i: value, type: attributeCode.int };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: attributeCode.string };
  if ('float' in value) return { name, f: value.float, type: attributeCode.float };
  return { name, ints: value, type: attributeCode.ints };
}
