/** What people are told of a kind of job; lib/job-handlers.ts has them all, which topics do not see. */
export interface JobKind {
  name: string;
  title: string;
}

/** The kinds of jobs of this version by name. */
export type JobCatalogue = ReadonlyMap<string, JobKind>;

export function createJobCatalogue(kinds: readonly JobKind[]): JobCatalogue {
  return new Map(kinds.map(({ name, title }) => [name, { name, title }]));
}
