/** Every token that the table's drivers see, behind one port. */
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { pkcs11Api } from './pkcs11/api.ts';
import { skfApi } from './skf/api.ts';
import { combineTokens } from './token-host/combine-tokens.ts';
import type { CombinedTokens } from './token-host/combine-tokens.ts';
import { createDriverTokens } from './token-host/driver-tokens.ts';
import type { DriverTokens } from './token-host/driver-tokens.ts';

export function createSigningTokens({
  drivers,
  environment = {},
  platform = process.platform,
  arch = process.arch,
  graceMs,
}: {
  drivers: readonly TokenDriver[];
  /** What vendor libraries need of the station's own environment (PATH, HOME …); nothing else reaches them. */
  environment?: Readonly<Record<string, string>>;
  platform?: string;
  arch?: string;
  graceMs?: number;
}): CombinedTokens {
  const station = { environment, platform, arch };
  const open = (driver: TokenDriver): DriverTokens => {
    switch (driver.api) {
      case 'pkcs11':
        return createDriverTokens({ driver, api: pkcs11Api, ...station });
      case 'skf':
        return createDriverTokens({ driver, api: skfApi, ...station });
    }
  };
  return combineTokens(drivers.map(open), graceMs === undefined ? {} : { graceMs });
}
