import { inArray } from "drizzle-orm";
import { z } from "zod";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { textInput, trimmedInput } from "../inputs.ts";
import { letterLanguages } from "../request-law/grounds/ground.ts";
import type { Regime } from "../request-law/regimes.ts";

/** Art. 6(1)(a) to (f). */
export const legalBases = [
  "consent",
  "contract",
  "legal_obligation",
  "vital_interest",
  "public_task",
  "legitimate_interest",
] as const;
const line = (most: number) => trimmedInput(most).min(1, "is needed");
const lines = (most: number) => z.array(line(300)).max(most);

const timeZoneInput = textInput(60).refine(isTimeZone, "must be an IANA time zone, such as Europe/Berlin");

/** What the controller says of the events under one retention policy. */
export const policyFacts = z.strictObject({
  /** Art. 6(1): portability is owed under consent and contract alone. */
  basis: z.enum(legalBases),
  purposes: lines(50).min(1, "one at least is needed"),
  /** The law that commands to keep them, where one does. */
  floorLaw: line(300).nullable().default(null),
  /** How long they are kept, as letters say it. */
  retentionWords: line(500),
});
/** Who answers for an organisation's data, and what Art. 15(1) wants told of it. */
export const controller = z.strictObject({
  name: line(200),
  address: line(500),
  contact: line(300),
  dpoContact: line(300).nullable().default(null),
  /** ISO 3166-1 alpha-2; its public holidays count. */
  country: z.string().regex(/^[A-Z]{2}$/, "must be two capital letters of ISO 3166-1, such as DE"),
  /** The part of the country, where holidays differ: such as `BY`. */
  region: z
    .string()
    .regex(/^[A-Za-z0-9]{1,10}$/, "must be the short name of a part of the country, such as BY")
    .nullable()
    .default(null),
  timeZone: timeZoneInput,
  language: z.enum(letterLanguages).default("en"),
  /** Where a complaint may be lodged: name and address. */
  authority: line(500),
  /** Which court may be seized, as letters say it. */
  courtWording: line(500),
  /** By retention policy. */
  policies: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, "must be a retention policy"), policyFacts)
    .default({}),
  /** Each by name (CJEU C-154/21). */
  recipients: lines(200).default([]),
  /** Where the data come from, if not from the person. */
  sources: lines(50).default([]),
  /** To which third countries, and by which safeguards. */
  transfers: lines(50).default([]),
  /** Art. 22: the logic and what follows from it; null: there are none. */
  automatedDecisions: line(2_000).nullable().default(null),
});
export type Controller = z.infer<typeof controller>;

/** The row of whoever has none of their own. */
export const everyOrganization = "*";

/**
 * Until somebody says who the controller is: no public holiday is known, so that a deadline is rather too early.
 */
export const unnamedController: Controller = {
  name: "The controller (not set)",
  address: "Not set",
  contact: "Not set",
  dpoContact: null,
  country: "ZZ",
  region: null,
  timeZone: "UTC",
  language: "en",
  authority: "The supervisory authority of the place where you live or work",
  courtWording: "You may also go to court",
  policies: {},
  recipients: [],
  sources: [],
  transfers: [],
  automatedDecisions: null,
};

/** Whether anybody said who the controller is: of one whom nobody described no letter may claim anything. */
export const isNamed = ({ name }: Pick<Controller, "name">): boolean => name !== unnamedController.name;

/** Who answers a request: the one organisation's controller, else that of all. */
export async function readController(db: Queryable, organizations: readonly string[]): Promise<Controller> {
  const { privacyController } = schema;
  const own = organizations.length === 1 && organizations[0] !== undefined ? [organizations[0]] : [];
  const rows = await db
    .select()
    .from(privacyController)
    .where(inArray(privacyController.organization, [...own, everyOrganization]));
  const row = rows.find(({ organization }) => organization !== everyOrganization) ?? rows[0];
  return row ? controller.parse(row.facts) : unnamedController;
}

/** The law that sets the clock where the controller sits. */
export function regimeOf({ country, region }: Pick<Controller, "country" | "region">): Regime {
  if (country === "GB") return "uk";
  return country === "US" && region === "CA" ? "california" : "eu";
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
