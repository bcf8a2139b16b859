import protobuf from 'protobufjs';

/**
 * The part of ONNX's protobuf schema that Proxima writes (field numbers as in the ONNX IR
 * specification, `onnx.proto`). Everything else the format knows is left out on purpose.
 */
const schema = {
  nested: {
    Attribute: {
      fields: {
        name: { id: 1, type: 'string' },
        f: { id: 2, type: 'float' },
        i: { id: 3, type: 'int64' },
        s: { id: 4, type: 'bytes' },
        g: { id: 6, type: 'Graph' },
        floats: { id: 7, type: 'float', rule: 'repeated', options: { packed: false } },
        ints: { id: 8, type: 'int64', rule: 'repeated', options: { packed: false } },
        type: { id: 20, type: 'int32' },
      },
    },
    Node: {
      fields: {
        input: { id: 1, type: 'string', rule: 'repeated' },
        output: { id: 2, type: 'string', rule: 'repeated' },
        name: { id: 3, type: 'string' },
        opType: { id: 4, type: 'string' },
        attribute: { id: 5, type: 'Attribute', rule: 'repeated' },
        domain: { id: 7, type: 'string' },
      },
    },
    Tensor: {
      fields: {
        dims: { id: 1, type: 'int64', rule: 'repeated', options: { packed: false } },
        dataType: { id: 2, type: 'int32' },
        name: { id: 8, type: 'string' },
        rawData: { id: 9, type: 'bytes' },
      },
    },
    Dimension: {
      fields: { dimValue: { id: 1, type: 'int64' }, dimParam: { id: 2, type: 'string' } },
    },
    Shape: { fields: { dim: { id: 1, type: 'Dimension', rule: 'repeated' } } },
    TensorType: { fields: { elemType: { id: 1, type: 'int32' }, shape: { id: 2, type: 'Shape' } } },
    Type: { fields: { tensorType: { id: 1, type: 'TensorType' } } },
    ValueInfo: { fields: { name: { id: 1, type: 'string' }, type: { id: 2, type: 'Type' } } },
    Graph: {
      fields: {
        node: { id: 1, type: 'Node', rule: 'repeated' },
        name: { id: 2, type: 'string' },
        initializer: { id: 5, type: 'Tensor', rule: 'repeated' },
        input: { id: 11, type: 'ValueInfo', rule: 'repeated' },
        output: { id: 12, type: 'ValueInfo', rule: 'repeated' },
      },
    },
    OperatorSet: { fields: { domain: { id: 1, type: 'string' }, version: { id: 2, type: 'int64' } } },
    Model: {
      fields: {
        irVersion: { id: 1, type: 'int64' },
        producerName: { id: 2, type: 'string' },
        graph: { id: 7, type: 'Graph' },
        opsetImport: { id: 8, type: 'OperatorSet', rule: 'repeated' },
      },
    },
  },
} as const satisfies protobuf.INamespace;

/** Writes `Model` messages of the ONNX format. */
export const onnxModelType: protobuf.Type = protobuf.Root.fromJSON(schema).lookupType('Model');

/** `TensorProto.DataType` of the element types Proxima's graphs use. */
export const elementCode = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

export type ElementType = keyof typeof elementCode;

/** `AttributeProto.AttributeType` of the attribute kinds Proxima's graphs use. */
export const attributeCode = { float: 1, int: 2, string: 3, graph: 5, floats: 6, ints: 7 } as const;
