/** A colour table: 256 times red, green, blue. */
export type Ramp = Uint8Array;

type Rgb = readonly [number, number, number];

export interface MapColours {
  readonly background: Rgb;
  readonly ink: Rgb;
  readonly own: Ramp;
  readonly shared: Ramp;
  readonly sinks: Ramp;
  /** Solid colours of the mass bars. What is distant is coloured by whose keys found it. */
  readonly mass: { readonly sinks: Rgb; readonly ownDistant: Rgb; readonly sharedDistant: Rgb; readonly recent: Rgb };
}

/** Weights below this share of the scale (about 2^-17) are noise and stay paper. */
const FLOOR = 0.15;

/** Blue and orange keep apart under all common kinds of colour blindness; lightness runs the same way in both. */
export function mapColours(theme: 'light' | 'dark'): MapColours {
  return theme === 'light'
    ? {
        background: hex('#faf8f4'),
        ink: hex('#26221c'),
        own: ramp(['#f1ede5', '#b8d2ea', '#5a99d2', '#1d5f9e', '#082c53']),
        shared: ramp(['#f1ede5', '#f5d2ac', '#e8954a', '#b3560a', '#552703']),
        sinks: ramp(['#f1ede5', '#d3cdc2', '#a39c90', '#6d665b', '#35312b']),
        mass: {
          sinks: hex('#a39c90'),
          ownDistant: hex('#a5c8e8'),
          sharedDistant: hex('#e8954a'),
          recent: hex('#3d7fbd'),
        },
      }
    : {
        background: hex('#1b1916'),
        ink: hex('#e8e1d5'),
        own: ramp(['#26221e', '#1f4163', '#3c79b4', '#7fb6ee', '#e2f1ff']),
        shared: ramp(['#26221e', '#573314', '#a8611f', '#f2a25c', '#ffedd9']),
        sinks: ramp(['#26221e', '#46413a', '#736c61', '#a89f92', '#eee8dd']),
        mass: {
          sinks: hex('#736c61'),
          ownDistant: hex('#2f5f8f'),
          sharedDistant: hex('#d98a43'),
          recent: hex('#5b9bd8'),
        },
      };
}

function ramp(stops: readonly string[]): Ramp {
  const colours = stops.map(hex);
  const table = new Uint8Array(256 * 3);
  for (let value = 0; value < 256; value += 1) {
    const at = (Math.max(0, value / 255 - FLOOR) / (1 - FLOOR)) * (colours.length - 1);
    const low = Math.min(colours.length - 2, Math.floor(at));
    const from = colours[low] ?? [0, 0, 0];
    const to = colours[low + 1] ?? from;
    for (let channel = 0; channel < 3; channel += 1) {
      table[value * 3 + channel] = Math.round(from[channel]! + (to[channel]! - from[channel]!) * (at - low));
    }
  }
  return table;
}

function hex(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
