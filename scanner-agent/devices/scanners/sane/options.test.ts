import { expect, test } from 'vitest';
import { abilitiesOf, parseSaneOptions, scanArguments } from './options.ts';

/** As a duplex sheet feeder of the office prints it, shortened. */
const feeder = `All options specific to device \`fujitsu:fi-7160:12345':
  Scan Mode:
    --source ADF Front|ADF Back|ADF Duplex [ADF Front]
        Selects the scan source (such as a document-feeder).
    --mode Lineart|Halftone|Gray|Color [Lineart]
        Selects the scan mode (e.g., lineart, monochrome, or color).
    --resolution 50..600dpi (in steps of 1) [600]
        Sets the resolution of the scanned image.
  Geometry:
    -l 0..221.121mm (in steps of 0.0211639) [0]
    -x 0..221.121mm (in steps of 0.0211639) [215.872]
    -y 0..876.695mm (in steps of 0.0211639) [279.364]
`;
const flatbed = `All options specific to device \`genesys:libusb:001:004':
    --mode Color|Gray [Gray]
    --source Flatbed [inactive]
    --resolution 75|150|300|600|1200dpi [75]
    -x 0..216.7mm [216.7]
    -y 0..297.5mm [297.5]
`;

test('a feeder offers its sources, colours and the resolutions of the archive standard', () => {
  const options = parseSaneOptions(feeder);
  expect(abilitiesOf(options)).toEqual({
    sources: ['feeder', 'feeder-duplex'],
    dpis: [200, 300, 600],
    colours: ['black-white', 'grey', 'colour'],
  });
  expect(scanArguments(options, { source: 'feeder-duplex', dpi: 300, colour: 'colour' })).toEqual([
    '--source=ADF Duplex',
    '--mode=Color',
    '--resolution=300',
    '-x',
    '210',
    '-y',
    '297',
  ]);
});

test('an inactive source is no choice, and a list of resolutions is obeyed', () => {
  const options = parseSaneOptions(flatbed);
  expect(abilitiesOf(options)).toEqual({
    sources: ['flatbed'],
    dpis: [300, 600],
    colours: ['colour', 'grey'],
  });
  expect(scanArguments(options, { source: 'flatbed', dpi: 300, colour: 'colour' })).not.toContain('--source');
});

test('a device that says nothing is a flatbed at 300 dpi', () => {
  expect(abilitiesOf(parseSaneOptions(''))).toEqual({
    sources: ['flatbed'],
    dpis: [300],
    colours: ['colour'],
  });
});
