/** Reads the configuration folder, the only place where the product's YAML is opened. */
import { hash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { buildCatalogue } from '#domain/catalogue/build-catalogue.ts';
import type { Problem, RawFile } from '#domain/catalogue/build-catalogue.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';

/** The configuration cannot be used; `problems` names every fault with its file and the path inside it. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(
      ({ file, path, message }) => `  ${file}${path ? ` at ${path}` : ''}: ${message}`,
    );
    super(`The configuration has ${problems.length} problem(s):\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export const configFolder = fileURLToPath(new URL('.', import.meta.url));

/** The catalogue that was loaded last and the hash of the files it is made of. It is frozen, so that all may have the same one. */
let last: { filesHash: string; catalogue: Catalogue } | undefined;

/**
 * Loads and checks the catalogue. Throws ConfigError listing every problem of every file.
 * Files whose text is what it was at the last call are not parsed again.
 */
export function loadCatalogue(folder: string = configFolder): Catalogue {
  const texts = listCatalogueFiles(folder).map((path) => ({
    path,
    text: readFileSync(join(folder, path), 'utf8'),
  }));
  const filesHash = hash('sha256', JSON.stringify(texts));
  if (last?.filesHash === filesHash) return last.catalogue;
  const catalogue = parseCatalogue(folder, texts);
  last = { filesHash, catalogue };
  return catalogue;
}

function parseCatalogue(folder: string, texts: readonly { path: string; text: string }[]): Catalogue {
  const problems: Problem[] = [];
  const files: RawFile[] = [];
  for (const { path, text } of texts) {
    const { data, faults } = parseYaml(text);
    if (faults.length === 0) files.push({ path, data });
    else problems.push(...faults.map((message) => ({ file: path, path: '', message })));
  }
  if (files.length === 0 && problems.length === 0)
    problems.push({ file: '', path: '', message: `no programmes, document types or workflows in ${folder}` });

  const built = buildCatalogue(files, (text) => hash('sha256', text));
  // A file that cannot be read makes ids look unknown that are only hidden: its own fault stands first.
  if (!built.ok) problems.push(...built.problems);
  if (!built.ok || problems.length > 0) throw new ConfigError(problems);
  return built.catalogue;
}

/** Relative paths with forward slashes, sorted. */
export function listCatalogueFiles(folder: string): string[] {
  const list = (sub: string): string[] =>
    readdirSync(join(folder, sub), { withFileTypes: true }).flatMap((entry) => {
      const path = `${sub}/${entry.name}`;
      if (entry.isDirectory()) return list(path);
      return /\.ya?ml$/.test(entry.name) ? [path] : [];
    });
  return ['document-types', 'certificates', 'guards', 'programmes', 'workflows']
    .filter((sub) => hasFolder(folder, sub))
    .flatMap(list)
    .sort();
}

/** YAML 1.2 with unique keys; faults carry line and column. */
export function readYaml(path: string): { data: unknown; faults: string[] } {
  return parseYaml(readFileSync(path, 'utf8'));
}

function parseYaml(text: string): { data: unknown; faults: string[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const faults = [...document.errors, ...document.warnings].map(
    (fault) => fault.message.split('\n')[0] ?? '',
  );
  return { data: faults.length > 0 ? undefined : (document.toJS() as unknown), faults };
}

function hasFolder(folder: string, sub: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some(
    (entry) => entry.isDirectory() && entry.name === sub,
  );
}
