/**
 * Electron's fuses: switches in its binary that no command line, environment or file can turn back. A package sets them
 * before it is signed; `node kiosk/electron/set-fuses.ts BINARY` does it and reads them back.
 */
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import type { FuseConfig } from '@electron/fuses';

/** Each option, so that one which a newer Electron brings has to be decided on. */
export const counterFuses = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  // The shell is no second Node: ELECTRON_RUN_AS_NODE would run any script with the station's rights.
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  // Code that was changed after packaging does not start.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The page comes from the agent over loopback; file: needs no privileges of its own.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
} as const satisfies FuseConfig;
