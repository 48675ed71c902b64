/** For the projects of vitest that run the server as a province does: PostgreSQL and S3 started before the tests, ended after. */
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { startS3 } from './s3.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: string | undefined;
    /** `s3://…` as the settings have it. */
    s3: string | undefined;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, s3] = await Promise.all([startPostgres(), startS3()]);
  project.provide('postgres', postgres.url);
  project.provide('s3', s3.place);
  return async () => {
    await postgres.stop();
    await s3.stop();
  };
}
