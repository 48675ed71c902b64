/** Long suites run as a sample in `npm test` and whole in `npm run test:nightly`. Tests of a row are never sampled. */
export const isNightly = process.env['LUDENG_NIGHTLY'] === '1';

/** How many of something: `sample` in `npm test`, `whole` at night. */
export const sampled = (sample: number, whole: number): number => (isNightly ? whole : sample);
