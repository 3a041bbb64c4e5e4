import { createRandom, type Random } from "./random.ts";

/** An organisation of the demo: nothing but an id and how much goes on there. */
export interface Organization {
  id: string;
  weight: number;
  /** How many people work there, and how many it keeps records about. */
  staff: number;
  subjects: number;
}

const populationSeed = 0x5eed;
const weights = [24, 18, 13, 10, 8, 7, 6, 5, 4, 2.5, 1.5, 1] as const;

export const organizations: readonly Organization[] = weights.map((weight, index) => ({
  id: `org_${createRandom(populationSeed, index).hex(8)}`,
  weight,
  staff: Math.round(weight * 11),
  subjects: Math.round(weight * 90),
}));

export function pickOrganization(random: Random): Organization {
  const index = random.weighted(weights);
  return organizations[index] as Organization;
}

/** A colleague's token; a few do most of the work. */
export function pickActor(random: Random, organization: Organization): string {
  return token(organization, Math.floor(organization.staff * random.next() ** 2));
}

/** The token of a person the organisation keeps records about. */
export function pickSubject(random: Random, organization: Organization): string {
  return token(organization, 10_000 + Math.floor(organization.subjects * random.next() ** 1.5));
}

/** Stands for a person, whom nobody invented: there is no name behind it. */
function token(organization: Organization, index: number): string {
  const stream = (Number.parseInt(organization.id.slice(4), 16) ^ Math.imul(index + 1, 0x9e3779b1)) | 0;
  return `sub_${createRandom(populationSeed, stream).hex(16)}`;
}
