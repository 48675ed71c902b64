/** The XML of eSCL (Mopria eSCL 2.x): what a scanner says it can and how it is, and what a scan asks for. Pure. */
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { ScanAbilities, ScanColour, ScanSettings, ScanSource } from '../../../ports/page-source.ts';

const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: true, parseTagValue: false });

/** One element or several look different in XML's plain form: always a list here. */
const many = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), item, z.literal('')])
    .optional()
    .transform((found) =>
      found === undefined || found === '' ? [] : Array.isArray(found) ? found : [found],
    );
const text = z.string().or(z.number().transform(String));
const whole = text.transform(Number).pipe(z.int());

const profileSchema = z.looseObject({
  ColorModes: z.looseObject({ ColorMode: many(text) }).optional(),
  DocumentFormats: z.looseObject({ DocumentFormat: many(text), DocumentFormatExt: many(text) }).optional(),
  SupportedResolutions: z
    .looseObject({
      DiscreteResolutions: z
        .looseObject({ DiscreteResolution: many(z.looseObject({ XResolution: whole })) })
        .optional(),
      ResolutionRange: z
        .looseObject({ XResolutionRange: z.looseObject({ Min: whole, Max: whole }).optional() })
        .optional(),
    })
    .optional(),
});
const inputSchema = z.looseObject({
  MaxWidth: whole.optional(),
  MaxHeight: whole.optional(),
  SettingProfiles: z.looseObject({ SettingProfile: many(profileSchema) }).optional(),
});
type Input = z.infer<typeof inputSchema>;

const capabilitiesSchema = z.object({
  ScannerCapabilities: z.looseObject({
    MakeAndModel: text.optional(),
    Platen: z.looseObject({ PlatenInputCaps: inputSchema.optional() }).optional().or(z.literal('')),
    Adf: z
      .looseObject({
        AdfSimplexInputCaps: inputSchema.optional(),
        AdfDuplexInputCaps: inputSchema.optional().or(z.literal('')),
        AdfOptions: z.looseObject({ AdfOption: many(text) }).optional(),
      })
      .optional()
      .or(z.literal('')),
  }),
});

export interface EsclCapabilities {
  name: string | undefined;
  can: ScanAbilities;
  /** What each source can by itself: a glass is often finer than a feeder. */
  of: Partial<Record<ScanSource, { dpis: number[]; colours: ScanColour[] }>>;
  /** Largest area of each source, in 1/300 inch. */
  area: Partial<Record<ScanSource, { width: number; height: number }>>;
  /** What the scanner calls its formats. */
  formats: string[];
}

/** Throws when the text is no ScannerCapabilities. */
export function parseCapabilities(xml: string): EsclCapabilities {
  const { ScannerCapabilities: caps } = capabilitiesSchema.parse(parser.parse(xml));
  const platen = caps.Platen ? caps.Platen.PlatenInputCaps : undefined;
  const adf = caps.Adf ? caps.Adf : undefined;
  const simplex = adf?.AdfSimplexInputCaps;
  const hasDuplex = adf?.AdfDuplexInputCaps !== undefined || adf?.AdfOptions?.AdfOption.includes('Duplex');
  const duplex = hasDuplex ? adf?.AdfDuplexInputCaps || simplex : undefined;
  const inputs: [ScanSource, Input | undefined][] = [
    ['feeder', simplex],
    ['feeder-duplex', duplex],
    ['flatbed', platen],
  ];
  const present = inputs.filter((one): one is [ScanSource, Input] => one[1] !== undefined);
  const profiles = present.flatMap(([, input]) => input.SettingProfiles?.SettingProfile ?? []);
  return {
    name: caps.MakeAndModel,
    can: { sources: present.map(([source]) => source), dpis: dpisOf(profiles), colours: coloursOf(profiles) },
    of: Object.fromEntries(
      present.map(([source, { SettingProfiles }]) => {
        const own = SettingProfiles?.SettingProfile ?? [];
        return [source, { dpis: allDpisOf(own), colours: coloursOf(own) }];
      }),
    ),
    area: Object.fromEntries(
      present.map(([source, { MaxWidth, MaxHeight }]) => [
        source,
        { width: MaxWidth ?? a4.width, height: MaxHeight ?? a4.height },
      ]),
    ),
    formats: [
      ...new Set(
        profiles.flatMap(({ DocumentFormats }) => [
          ...(DocumentFormats?.DocumentFormat ?? []),
          ...(DocumentFormats?.DocumentFormatExt ?? []),
        ]),
      ),
    ],
  };
}

/** 210 by 297 mm in 1/300 inch. */
const a4 = { width: 2480, height: 3508 };
const offeredDpis = [200, 300, 600];
const colours: Readonly<Record<ScanColour, string>> = {
  colour: 'RGB24',
  grey: 'Grayscale8',
  'black-white': 'BlackAndWhite1',
};

type Profile = z.infer<typeof profileSchema>;

function listedOf(profiles: readonly Profile[]): number[] {
  return profiles.flatMap(
    ({ SupportedResolutions }) =>
      SupportedResolutions?.DiscreteResolutions?.DiscreteResolution.map(({ XResolution }) => XResolution) ??
      [],
  );
}

function rangesOf(profiles: readonly Profile[]): { Min: number; Max: number }[] {
  return profiles.flatMap(({ SupportedResolutions }) => {
    const range = SupportedResolutions?.ResolutionRange?.XResolutionRange;
    return range ? [range] : [];
  });
}

function dpisOf(profiles: readonly Profile[]): number[] {
  const listed = listedOf(profiles);
  const ranges = rangesOf(profiles);
  const usual = offeredDpis.filter(
    (dpi) => listed.includes(dpi) || ranges.some(({ Min, Max }) => dpi >= Min && dpi <= Max),
  );
  if (usual.length > 0) return usual;
  return listed.length > 0 ? [Math.max(...listed)] : [ranges[0]?.Max ?? 300];
}

/** Everything that a source lists, and of its ranges what is offered and their ends. */
function allDpisOf(profiles: readonly Profile[]): number[] {
  const ranges = rangesOf(profiles);
  const within = ranges.flatMap(({ Min, Max }) => [
    Min,
    ...offeredDpis.filter((dpi) => dpi > Min && dpi < Max),
    Max,
  ]);
  return [...new Set([...listedOf(profiles), ...within])].toSorted((one, other) => one - other);
}

function coloursOf(profiles: readonly Profile[]): ScanColour[] {
  const words = new Set(profiles.flatMap(({ ColorModes }) => ColorModes?.ColorMode ?? []));
  const known = (['colour', 'grey', 'black-white'] as const).filter((colour) => words.has(colours[colour]));
  return known.length > 0 ? known : ['colour'];
}

const jobSchema = z.looseObject({
  JobUri: text.optional(),
  JobState: text.optional(),
  ImagesCompleted: whole.optional().catch(undefined),
  ImagesToTransfer: whole.optional().catch(undefined),
});
const statusSchema = z.object({
  ScannerStatus: z.looseObject({
    State: text,
    AdfState: text.optional(),
    Jobs: z
      .looseObject({ JobInfo: many(jobSchema) })
      .optional()
      .or(z.literal(''))
      .catch(undefined),
  }),
});

export interface EsclJob {
  /** Path or address, as the scanner writes it. */
  uri: string;
  /** Pending, Processing, Completed, Canceled, Aborted. */
  state: string;
  /** Sides scanned so far, and those that wait to be fetched; undefined where the scanner does not count. */
  completed: number | undefined;
  toTransfer: number | undefined;
}

export interface EsclStatus {
  /** Idle, Processing, Testing, Stopped, Down. */
  state: string;
  /** ScannerAdfLoaded, ScannerAdfEmpty, ScannerAdfJam … */
  adfState: string | undefined;
  /** The latest jobs, where the scanner tells of them. */
  jobs: EsclJob[];
}

/** Throws when the text is no ScannerStatus. */
export function parseStatus(xml: string): EsclStatus {
  const { State: state, AdfState: adfState, Jobs } = statusSchema.parse(parser.parse(xml)).ScannerStatus;
  const jobs = Jobs ? Jobs.JobInfo : [];
  return {
    state,
    adfState,
    jobs: jobs.map(({ JobUri, JobState, ImagesCompleted, ImagesToTransfer }) => ({
      ...{ uri: JobUri ?? '', state: JobState ?? '' },
      ...{ completed: ImagesCompleted, toTransfer: ImagesToTransfer },
    })),
  };
}

export function formatOf(formats: readonly string[]): string {
  return formats.includes('image/jpeg') || formats.length === 0 ? 'image/jpeg' : 'application/pdf';
}

export interface EsclRequest {
  source: ScanSource;
  dpi: number;
  colour: ScanColour;
  format: string;
  /** In 1/300 inch. */
  area: { width: number; height: number };
}

/** The nearest to the settings that this source can; undefined where the scanner has no such source. */
export function requestOf(
  { source, dpi, colour }: ScanSettings,
  capabilities: EsclCapabilities,
): EsclRequest | undefined {
  const can = capabilities.of[source];
  if (!can) return undefined;
  const area = capabilities.area[source] ?? a4;
  const nearer = colour === 'colour' ? (['grey', 'black-white'] as const) : (['colour', 'grey'] as const);
  return {
    source,
    dpi: can.dpis.length === 0 ? dpi : (can.dpis.find((one) => one >= dpi) ?? Math.max(...can.dpis)),
    colour: can.colours.includes(colour)
      ? colour
      : (nearer.find((one) => can.colours.includes(one)) ?? colour),
    format: formatOf(capabilities.formats),
    area: { width: Math.min(a4.width, area.width), height: Math.min(a4.height, area.height) },
  };
}

export function scanSettingsXml({ source, dpi, colour, format, area }: EsclRequest): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
  <pwg:Version>2.0</pwg:Version>
  <scan:Intent>Document</scan:Intent>
  <pwg:ScanRegions>
    <pwg:ScanRegion>
      <pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
      <pwg:Height>${area.height}</pwg:Height>
      <pwg:Width>${area.width}</pwg:Width>
      <pwg:XOffset>0</pwg:XOffset>
      <pwg:YOffset>0</pwg:YOffset>
    </pwg:ScanRegion>
  </pwg:ScanRegions>
  <pwg:InputSource>${source === 'flatbed' ? 'Platen' : 'Feeder'}</pwg:InputSource>${
    source === 'flatbed' ? '' : `\n  <scan:Duplex>${source === 'feeder-duplex'}</scan:Duplex>`
  }
  <scan:ColorMode>${colours[colour]}</scan:ColorMode>
  <scan:XResolution>${dpi}</scan:XResolution>
  <scan:YResolution>${dpi}</scan:YResolution>
  <pwg:DocumentFormat>${format}</pwg:DocumentFormat>
  <scan:DocumentFormatExt>${format}</scan:DocumentFormatExt>
</scan:ScanSettings>
`;
}
