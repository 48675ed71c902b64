import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** Every TLS connection of this process believes the authority too, beside those that the program brings. `pem`: one or several. */
export function trustAuthority(pem: string): void {
  setDefaultCACertificates([...getCACertificates('default'), pem]);
}
