/** The emulator's side of eSCL's XML. */

export type AdfState =
  | 'ScannerAdfLoaded'
  | 'ScannerAdfEmpty'
  | 'ScannerAdfJam'
  | 'ScannerAdfHatchOpen'
  | 'ScannerAdfMultipickDetected';

export interface JobSettings {
  input: 'Platen' | 'Feeder';
  duplex: boolean;
  mode: 'RGB24' | 'Grayscale8' | 'BlackAndWhite1';
  dpi: number;
  widthPx: number;
  heightPx: number;
}

const namespaces =
  'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"';

/** Letter and A4 wide, Legal long, in 1/300 inch. */
const [maxWidth, maxHeight] = [2550, 4200];
const resolutions = [75, 100, 150, 200, 300, 600];

const input = (tag: string): string => `<scan:${tag}>
    <scan:MinWidth>50</scan:MinWidth><scan:MaxWidth>${maxWidth}</scan:MaxWidth>
    <scan:MinHeight>50</scan:MinHeight><scan:MaxHeight>${maxHeight}</scan:MaxHeight>
    <scan:SettingProfiles><scan:SettingProfile>
      <scan:ColorModes><scan:ColorMode>BlackAndWhite1</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>
      <scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
      <scan:SupportedResolutions><scan:DiscreteResolutions>${resolutions
        .map(
          (dpi) =>
            `<scan:DiscreteResolution><scan:XResolution>${dpi}</scan:XResolution><scan:YResolution>${dpi}</scan:YResolution></scan:DiscreteResolution>`,
        )
        .join('')}</scan:DiscreteResolutions></scan:SupportedResolutions>
    </scan:SettingProfile></scan:SettingProfiles>
  </scan:${tag}>`;

export function capabilitiesXml(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities ${namespaces}>
  <pwg:Version>2.63</pwg:Version>
  <pwg:MakeAndModel>${name}</pwg:MakeAndModel>
  <pwg:SerialNumber>SIM-0001</pwg:SerialNumber>
  <scan:Platen>${input('PlatenInputCaps')}</scan:Platen>
  <scan:Adf>
    ${input('AdfSimplexInputCaps')}
    ${input('AdfDuplexInputCaps')}
    <scan:FeederCapacity>200</scan:FeederCapacity>
    <scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions>
  </scan:Adf>
</scan:ScannerCapabilities>`;
}

export interface JobReport {
  id: string;
  state: 'Processing' | 'Completed' | 'Canceled' | 'Aborted';
  completed: number;
  toTransfer: number;
}

export function statusXml(status: { adf: AdfState; isBusy: boolean; job?: JobReport | undefined }): string {
  const { adf, isBusy, job } = status;
  const isStopped = adf !== 'ScannerAdfLoaded' && adf !== 'ScannerAdfEmpty';
  return `<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus ${namespaces}>
  <pwg:Version>2.63</pwg:Version>
  <pwg:State>${isStopped ? 'Stopped' : isBusy ? 'Processing' : 'Idle'}</pwg:State>
  <scan:AdfState>${adf}</scan:AdfState>${job ? jobXml(job) : ''}
</scan:ScannerStatus>`;
}

function jobXml({ id, state, completed, toTransfer }: JobReport): string {
  return `
  <scan:Jobs><scan:JobInfo>
    <pwg:JobUri>/eSCL/ScanJobs/${id}</pwg:JobUri><pwg:JobUuid>${id}</pwg:JobUuid><scan:Age>1</scan:Age>
    <pwg:ImagesCompleted>${completed}</pwg:ImagesCompleted><pwg:ImagesToTransfer>${toTransfer}</pwg:ImagesToTransfer>
    <pwg:JobState>${state}</pwg:JobState>
  </scan:JobInfo></scan:Jobs>`;
}

/** Undefined for settings that this scanner cannot do, which it answers with 400. */
export function readSettings(body: string): JobSettings | undefined {
  const value = (tag: string): string | undefined =>
    new RegExp(`<\\w+:${tag}>([^<]*)</`).exec(body)?.[1]?.trim();
  const [input, mode, dpi] = [value('InputSource'), value('ColorMode'), Number(value('XResolution'))];
  const [width, height] = [Number(value('Width')), Number(value('Height'))];
  if (input !== 'Platen' && input !== 'Feeder') return undefined;
  if (mode !== 'RGB24' && mode !== 'Grayscale8' && mode !== 'BlackAndWhite1') return undefined;
  if (!resolutions.includes(dpi) || !(width > 0 && width <= maxWidth) || !(height > 0 && height <= maxHeight))
    return undefined;
  return {
    input,
    mode,
    dpi,
    duplex: value('Duplex') === 'true',
    widthPx: Math.round((width / 300) * dpi),
    heightPx: Math.round((height / 300) * dpi),
  };
}
