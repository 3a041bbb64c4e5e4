import type { AuditDb } from "../../audit-db/types.ts";
import type { RequestRow } from "../read-request.ts";
import type { RequestPerson } from "../sealed.ts";
import { decidedParts } from "./begin-package.ts";
import type { Collected } from "./collect.ts";
import { eventSchema } from "./event-schema.ts";
import { fileNames } from "./files.ts";
import type { FindContext } from "./find-streams.ts";
import { isPortable } from "./find-streams.ts";
import { composeLetter } from "./letter/compose-letter.ts";
import type { RefusedPart, StoredPolicy } from "./letter/letter.ts";
import { readLetterBase } from "./letter/letter-base.ts";
import { letterHtml } from "./letter/letter-html.ts";
import { letterPdf } from "./letter/letter-pdf.ts";
import { fill, letterTexts } from "./letter/letter-texts.ts";
import { tellGround } from "./letter/tell-ground.ts";
import type { PackagePlan } from "./plan.ts";

export interface DocumentInput {
  request: RequestRow;
  person: RequestPerson;
  plan: PackagePlan;
  collected: Collected;
  /** When the package was begun: whoever makes it again writes the same. */
  writtenAt: Date;
}

/** The files of a package beside the events: what to read first, the letter in two forms, what the fields are. */
export async function makeDocuments(
  context: FindContext,
  { request, person, plan, collected, writtenAt }: DocumentInput,
): Promise<{ name: string; content: Buffer }[]> {
  const base = await readLetterBase(context.console.db, request, person, writtenAt);
  const parts = await decidedParts(context, request);
  const refused = parts.flatMap(({ target, policy, decision, ground }): RefusedPart[] => {
    if (decision === "refuse") return [{ target, policy, ground: tellGround(ground, request) }];
    const left = plan.kind === "portability" && !isPortable(base, policy);
    return left ? [{ target, policy, ground: null }] : [];
  });
  const targets = [...new Set(collected.head.counts.map(({ target }) => target))];
  const letter = composeLetter({
    ...base,
    kind: plan.kind,
    found: collected.head,
    refused,
    policies: (await Promise.all(targets.map((name) => readPolicies(context.openTarget(name))))).flat(),
    revealed: Object.values(plan.revealed).flat().length,
  });
  const { readme } = letterTexts(request.language);
  const lines = [fill(readme.title, { number: request.number }), "", ...readme.lines, "", readme.csv, ""];
  return [
    { name: fileNames.readme, content: Buffer.from(lines.join("\n")) },
    { name: fileNames.pdf, content: await letterPdf(letter, writtenAt) },
    { name: fileNames.html, content: Buffer.from(letterHtml(letter)) },
    { name: fileNames.schema, content: eventSchema(plan.kind) },
  ];
}

/** How long a target keeps events, by its own rows. */
function readPolicies(audit: Pick<AuditDb, "use">): Promise<StoredPolicy[]> {
  return audit.use("read", "requests.policies", async (sql) => [
    ...(await sql<StoredPolicy[]>`
      select name, legal_basis as "legalBasis", floor_days as "floorDays", ceiling_days as "ceilingDays"
      from public.retention_policy order by name`),
  ]);
}
