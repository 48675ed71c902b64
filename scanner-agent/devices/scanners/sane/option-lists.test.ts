/** Option lists as backends of many makers print them, shortened: one meaning, many spellings. */
import { expect, test } from 'vitest';
import { abilitiesOf, parseSaneOptions, requestOf, scanArguments } from './options.ts';

const colour300 = { dpi: 300, colour: 'colour' } as const;
const area = `    -x 0..215.9mm [215.9]\n    -y 0..355.6mm (in steps of 0.01) [355.6]\n`;
const isSize = (arg: string): boolean => /^(-[xylt]|[\d.]+|--page-.*)$/.test(arg);
const plain = (args: string[]): string[] => args.filter((arg) => !isSize(arg));

interface Case {
  name: string;
  list: string;
  sources: string[];
  dpis: number[];
  colours: string[];
  /** Arguments for colour at 300 dpi from the first source, without the size. */
  args: string[];
  grey?: string;
}

const cases: Case[] = [
  {
    name: 'brackets inside words, the true grey, the alignment that the device has',
    list: `    --mode Black & White|Gray[Error Diffusion]|True Gray|24bit Color[Fast] [24bit Color[Fast]]
    --resolution 100|150|200|300|400|600|1200|2400|4800|9600dpi [200]
    --source FlatBed|Automatic Document Feeder(left aligned)|Automatic Document Feeder(left aligned,Duplex)|Automatic Document Feeder(centrally aligned)|Automatic Document Feeder(centrally aligned,Duplex) [Automatic Document Feeder(centrally aligned)]
    --brightness -50..50% (in steps of 1) [inactive]`,
    sources: ['flatbed', 'feeder', 'feeder-duplex'],
    dpis: [200, 300, 600],
    colours: ['black-white', 'grey', 'colour'],
    args: ['--source=FlatBed', '--mode=24bit Color[Fast]', '--resolution=300'],
    grey: 'True Gray',
  },
  {
    name: 'automatic values and a value without a word in the list; deep colours last',
    list: `    --resolution auto||75|150|300|600|1200dpi [75]
    --mode auto|48 bits color|Color|16 bits gray|Gray|Lineart [Color]
    --source Flatbed|Automatic Document Feeder|ADF Duplex [Flatbed]`,
    sources: ['flatbed', 'feeder', 'feeder-duplex'],
    dpis: [300, 600],
    colours: ['colour', 'grey', 'black-white'],
    args: ['--source=Flatbed', '--mode=Color', '--resolution=300'],
    grey: 'Gray',
  },
  {
    name: 'marks behind the value, both sides by a switch that is not active yet',
    list: `    --mode Lineart|Gray|Color [Color] [advanced]
    --resolution 75|100|150|200|300|600|1200dpi [75] [advanced]
    --batch-scan[=(yes|no)] [no] [advanced]
    --source ADF|Flatbed [Flatbed] [advanced]
    --duplex[=(yes|no)] [inactive]`,
    sources: ['feeder', 'flatbed', 'feeder-duplex'],
    dpis: [200, 300, 600],
    colours: ['black-white', 'grey', 'colour'],
    args: ['--source=ADF', '--mode=Color', '--resolution=300', '--batch-scan=yes'],
  },
  {
    name: 'depth, both sides by a mode of the feeder, units behind words',
    list: `    --mode Binary|Gray|Color [Binary]
    --depth 8|16bit [16]
    --source Document Table|Transparency Unit|TPU8x10|Automatic Document Feeder [Document Table]
    --adf-mode Simplex|Duplex [inactive]
    --resolution 50|60|72|75|80|90|100|120|133|144|150|160|175|180|200|216|240|266|300|320|350|360|400dpi [50]`,
    sources: ['flatbed', 'feeder', 'feeder-duplex'],
    dpis: [200, 300],
    colours: ['black-white', 'grey', 'colour'],
    args: ['--source=Document Table', '--mode=Color', '--depth=8', '--resolution=300'],
  },
  {
    name: 'slots for cards and backs alone are no feeder',
    list: `    --source Card Front|Card Back|Card Duplex|ADF Back|ADF Duplex|ADF Front [ADF Back]
    --mode Halftone|Lineart|Gray|Color [Lineart]
    --resolution 100..600dpi (in steps of 1) [300]`,
    sources: ['feeder-duplex', 'feeder'],
    dpis: [200, 300, 600],
    colours: ['black-white', 'grey', 'colour'],
    args: ['--source=ADF Duplex', '--mode=Color', '--resolution=300'],
  },
  {
    name: 'the glass is called normal, modes have bits, halftones are no grey',
    list: `    --mode Lineart|Dithered|Gray|16bit Gray|Color|16bit Color [Color]
    --resolution 50..4800dpi (in steps of 1) [150]
    --source Normal|Transparency|Negative|ADF Front [Normal]`,
    sources: ['flatbed', 'feeder'],
    dpis: [200, 300, 600],
    colours: ['black-white', 'grey', 'colour'],
    args: ['--source=Normal', '--mode=Color', '--resolution=300'],
    grey: 'Gray',
  },
  {
    name: 'steps of a range are kept: what does not stand on one goes to the next',
    list: `    --mode Color|Grayscale|Monochrome [Monochrome]
    --resolution 75..1200dpi (in steps of 75) [75]
    --source Auto|Flatbed|ADF [Auto]`,
    sources: ['flatbed', 'feeder'],
    dpis: [300, 600],
    colours: ['colour', 'grey', 'black-white'],
    args: ['--source=Flatbed', '--mode=Color', '--resolution=300'],
    grey: 'Grayscale',
  },
  {
    name: 'a feeder by its switch alone, resolution in two directions',
    list: `    --duplex[=(yes|no)] [no]
    --mode Black & White|Grayscale|Color [Black & White]
    --x-resolution 100|150|200|300|400dpi [100]
    --y-resolution 100|150|200|300|400dpi [100]`,
    sources: ['feeder', 'feeder-duplex'],
    dpis: [200, 300],
    colours: ['black-white', 'grey', 'colour'],
    args: ['--duplex=no', '--mode=Color', '--x-resolution=300', '--y-resolution=300'],
  },
  {
    name: 'sides in brackets behind the feeder’s word',
    list: `    --source ADF[Single-sided]|ADF[Double-sided]|Flatbed [Flatbed]
    --mode Color[24bit]|Gray[8bit] [Gray[8bit]]
    --resolution 300|200|100dpi [100]`,
    sources: ['feeder', 'feeder-duplex', 'flatbed'],
    dpis: [200, 300],
    colours: ['colour', 'grey'],
    args: ['--source=ADF[Single-sided]', '--mode=Color[24bit]', '--resolution=300'],
    grey: 'Gray[8bit]',
  },
  {
    name: 'nothing can be set: it is as it is',
    list: `    --source ADF [inactive]
    --mode Gray [Gray] [read-only]
    --resolution 200dpi [200] [read-only]`,
    sources: ['feeder'],
    dpis: [200],
    colours: ['grey'],
    args: [],
  },
];

test.each(cases)('$name', ({ list, sources, dpis, colours, args, grey }) => {
  const options = parseSaneOptions(`All options specific to device \`x:1':\n${list}\n${area}`);
  const can = abilitiesOf(options);
  expect([can.sources, new Set(can.colours)]).toEqual([sources, new Set(colours)]);
  expect(can.dpis.toSorted((a, b) => a - b)).toEqual(dpis);
  const source = can.sources[0] ?? 'flatbed';
  expect(plain(scanArguments(options, { ...colour300, source }))).toEqual(args);
  // The order in which a backend lists its options means nothing.
  const turned = parseSaneOptions(`${area}${list.split('\n').toReversed().join('\n')}\n`);
  expect(plain(scanArguments(turned, { ...colour300, source }))).toEqual(args);
  if (grey !== undefined)
    expect(scanArguments(options, { ...colour300, colour: 'grey', source })).toContain(`--mode=${grey}`);
});

test('a side or a feeder that the device has not is refused, never scanned in another way', () => {
  const options = parseSaneOptions(`    --source Flatbed|ADF [Flatbed]\n`);
  const ask = () => scanArguments(options, { ...colour300, source: 'feeder-duplex' });
  expect(ask).toThrow('SCANNER_SETTING_UNSUPPORTED');
});

test('what becomes active with the feeder is used: both sides, other resolutions', () => {
  const base = parseSaneOptions(`    --source Flatbed|ADF [Flatbed]
    --adf-mode Simplex|Duplex [inactive]
    --resolution 300|600|1200dpi [300]\n`);
  const now = parseSaneOptions(`    --source Flatbed|ADF [ADF]
    --adf-mode Simplex|Duplex [Simplex]
    --resolution 100|200dpi [100]\n`);
  const request = requestOf(base, now, { ...colour300, source: 'feeder-duplex' });
  expect(request.args).toEqual(['--source=ADF', '--adf-mode=Duplex', '--resolution=200']);
  expect(request.dpi).toBe(200);
});

test('an area in dots follows the resolution, paper that is centred is given its size, a moved corner goes back', () => {
  const options = parseSaneOptions(`    --resolution 300dpi [300]
    --page-width 0..221.121mm (in steps of 0.0211639) [215.872]
    --page-height 0..876.695mm (in steps of 0.0211639) [279.364]
    -l 0..2550pel [100]
    -t 0..4200pel [0]
    -x 1..2550pel [2550]
    -y 1..4200pel [4200]\n`);
  const request = requestOf(options, options, { ...colour300, source: 'flatbed' });
  expect(request.args).toEqual([
    ...['--resolution=300', '--page-width=210', '--page-height=297'],
    ...['-l', '0', '-x', '2480', '-y', '3507'],
  ]);
  expect(request.area?.widthMm).toBeCloseTo(210, 3);
});
