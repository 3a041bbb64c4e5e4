import type { Person } from "../audit-db/vault/types.ts";
import { personAt } from "./people.ts";
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
/** Numbers below are colleagues. */
const firstSubject = 10_000;
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

/** A colleague; a few do most of the work. */
export function pickActor(random: Random, organization: Organization): Person {
  return person(organization, Math.floor(organization.staff * random.next() ** 2));
}

/** A person the organisation keeps records about. */
export function pickSubject(random: Random, organization: Organization): Person {
  return person(organization, firstSubject + Math.floor(organization.subjects * random.next() ** 1.5));
}

/** A made-up person's id comes from where they stand in the list; colleagues sit at a desk with an address. */
function person(organization: Organization, index: number): Person {
  const stream = (Number.parseInt(organization.id.slice(4), 16) ^ Math.imul(index + 1, 0x9e3779b1)) | 0;
  const atDesk = index < firstSubject;
  const id = `${atDesk ? "usr" : "sub"}_${createRandom(populationSeed, stream).hex(16)}`;
  const domain = atDesk ? `${organization.id.replace("_", "-")}.example` : "mail.example";
  return personAt(populationSeed, id, domain, atDesk);
}
