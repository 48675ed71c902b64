import { Bonjour } from 'bonjour-service';
import type { Service } from 'bonjour-service';
import type { ConfiguredScanner, EsclDriver } from '#domain/catalogue/scanner-drivers.ts';
import type { ScannerFinder } from '../scanner-finder.ts';
import { createEsclScanner } from './escl-scanner.ts';
import type { EsclScanner } from './escl-scanner.ts';

/** Scanners that announce themselves in the local network, and those that the profile names. */
export function findEscl(
  driver: EsclDriver,
  options: {
    configured: readonly ConfiguredScanner[];
    find: boolean;
    /** A network that allows no multicast is no reason to fail: configured scanners work. */
    onError: (error: unknown) => void;
  },
): ScannerFinder {
  const scanners = new Map<string, EsclScanner>();
  for (const { address, name, simulated } of options.configured) {
    const named = name === undefined ? {} : { name };
    scanners.set(address, createEsclScanner({ driver: driver.id, url: address, simulated, ...named }));
  }
  const bonjour = options.find ? new Bonjour({}, options.onError) : undefined;
  const browsers = driver.services.map((type) => bonjour?.find({ type, protocol: 'tcp' }, take));

  function take(service: Service): void {
    const url = addressOf(service);
    if (!url || scanners.has(url)) return;
    scanners.set(url, createEsclScanner({ driver: driver.id, url, name: service.name, simulated: false }));
  }

  return {
    list: () => [...scanners.values()],
    async refresh(signal) {
      for (const browser of browsers) browser?.update();
      await Promise.all([...scanners.values()].map((scanner) => scanner.ask(signal)));
    },
    close: () =>
      new Promise((resolve) => {
        if (bonjour) bonjour.destroy(() => resolve());
        else resolve();
      }),
  };
}

/** `rs` of the TXT record is the path of the service (Mopria eSCL, discovery). */
function addressOf(service: Service): string | undefined {
  const host = service.addresses?.find((address) => address.includes('.')) ?? service.addresses?.[0];
  if (host === undefined) return undefined;
  const txt: unknown = service.txt;
  const path = typeof txt === 'object' && txt !== null && 'rs' in txt ? String(txt.rs) : 'eSCL';
  const scheme = service.type === 'uscans' ? 'https' : 'http';
  const name = host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${name}:${service.port}/${path.replace(/^\/+|\/+$/g, '')}`;
}
