/** The inspection's child process. */
import { serveJobs } from '#sandbox/serve-jobs.ts';
import { isOutOfMemory } from '../open-pdf.ts';
import { inspectPdf, readPicture } from '../inspect-pdf.ts';
import type { InspectionJob } from './inspector.ts';

serveJobs<InspectionJob>(async (job) => {
  try {
    return await (job.kind === 'inspect' ? inspectPdf(job.pdf) : readPicture(job.pdf, job.sha));
  } catch (error) {
    // what earlier files left behind may be the reason: a fresh child is asked again
    if (isOutOfMemory(error)) process.exit(1);
    throw error;
  }
});
