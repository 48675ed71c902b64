import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFolder, listCatalogueFiles } from './load-catalogue.ts';
import { jsonSchemas } from './write-json-schemas.ts';

describe('the editors’ schemas', () => {
  it('are those of the code: after a change run npm run schemas', () => {
    for (const [name, content] of Object.entries(jsonSchemas()))
      expect(JSON.parse(readFileSync(join(configFolder, 'schemas', name), 'utf8'))).toEqual(
        JSON.parse(content),
      );
  });
  it.each(listCatalogueFiles(configFolder))('are named by %s', (path) => {
    const [first] = readFileSync(join(configFolder, path), 'utf8').split('\n');
    const named = /^# yaml-language-server: \$schema=(.+)$/.exec(first ?? '')?.[1] ?? '';
    expect(readdirSync(join(configFolder, 'schemas')).map((file) => normalize(`schemas/${file}`))).toContain(
      normalize(join(dirname(path), named)),
    );
  });
});
