/** Writes very small ONNX graphs (protobuf wire format, onnx.proto3), so that packs of real models can be made in a test. */

type Field = [number: number, value: number | string | Uint8Array];

/** Varints for numbers, length-delimited for the rest. */
function message(...fields: Field[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
      const bytes = Buffer.from(value as Uint8Array);
      return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

const valueInfo = (name: string, shape: readonly (number | string)[]): Buffer =>
  message(
    [1, name],
    [2, message([1, message([1, 1], [2, message(...shape.map((side): Field => [1, dimension(side)]))])])],
  );
const dimension = (side: number | string): Buffer =>
  typeof side === 'number' ? message([1, side]) : message([2, side]);

const tensor = (name: string, dims: readonly number[], values: readonly number[]): Buffer =>
  message(
    ...dims.map((side): Field => [1, side]),
    [2, 1],
    [8, name],
    [9, new Uint8Array(Float32Array.from(values).buffer)],
  );

const ints = (name: string, values: readonly number[]): Buffer =>
  message([1, name], [20, 7], ...values.map((value): Field => [8, value]));

interface Node {
  op: string;
  inputs: string[];
  output: string;
  attributes?: Buffer[];
}

function model(options: { nodes: Node[]; initializers: Buffer[]; input: Buffer; output: Buffer }): Buffer {
  const nodes = options.nodes.map(({ op, inputs, output, attributes = [] }) =>
    message(
      ...inputs.map((name): Field => [1, name]),
      [2, output],
      [4, op],
      ...attributes.map((attribute): Field => [5, attribute]),
    ),
  );
  const graph = message(
    ...nodes.map((node): Field => [1, node]),
    [2, 'tiny'],
    ...options.initializers.map((initializer): Field => [5, initializer]),
    [11, options.input],
    [12, options.output],
  );
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 11])]);
}

/** A detector that finds what is dark: probability map of the input's size. */
export function tinyDetector(): Buffer {
  return model({
    nodes: [
      { op: 'Conv', inputs: ['x', 'w'], output: 'y' },
      { op: 'Sigmoid', inputs: ['y'], output: 'map' },
    ],
    initializers: [tensor('w', [1, 3, 1, 1], [-4, -4, -4])],
    input: valueInfo('x', ['n', 3, 'h', 'w']),
    output: valueInfo('map', ['n', 1, 'h', 'w']),
  });
}

/** A recogniser that says class 1 where a line is dark and blank where it is pale; a frame each 8 px. */
export function tinyRecogniser(classes: number): Buffer {
  const weights = [0, 1, 2].flatMap(() =>
    Array.from({ length: classes }, (_, c) => (c === 0 ? 3 : c === 1 ? -3 : 0)),
  );
  // Boxes are larger than what is in them: half dark is dark.
  const bias = Array.from({ length: classes }, (_, c) => (c === 1 ? 5 : 0));
  return model({
    nodes: [
      {
        op: 'AveragePool',
        inputs: ['x'],
        output: 'pooled',
        attributes: [ints('kernel_shape', [48, 8]), ints('strides', [48, 8])],
      },
      { op: 'Squeeze', inputs: ['pooled'], output: 'row', attributes: [ints('axes', [2])] },
      { op: 'Transpose', inputs: ['row'], output: 'frames', attributes: [ints('perm', [0, 2, 1])] },
      { op: 'MatMul', inputs: ['frames', 'w'], output: 'scaled' },
      { op: 'Add', inputs: ['scaled', 'b'], output: 'logits' },
      { op: 'Softmax', inputs: ['logits'], output: 'p', attributes: [message([1, 'axis'], [20, 2], [3, 2])] },
    ],
    initializers: [tensor('w', [3, classes], weights), tensor('b', [classes], bias)],
    input: valueInfo('x', [1, 3, 48, 'w']),
    output: valueInfo('p', [1, 't', classes]),
  });
}
