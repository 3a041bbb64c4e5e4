import { setImmediate as nextTurn } from "node:timers/promises";
import { actorContext, targetContext } from "../../audit-db/append/append-rows.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import type { SealedPerson } from "../../audit-db/vault/types.ts";
import { AppError } from "../../errors.ts";
import { csvHeader, toldEvent } from "./event-record.ts";
import { foldText } from "./mask-others.ts";
import type { PackagePlan } from "./plan.ts";
import type { PackageRow } from "./read-page.ts";

/** Rows as lines of both files. */
export interface TextsOfRows {
  json: Buffer[];
  csv: Buffer[];
  /** Fields of the person that were found. */
  fields: Set<string>;
}

/** Rows that are decrypted without giving others their turn. */
const inOneTurn = 250;

/**
 * Decrypts what is the person's in rows of one stream, and tells them. @param first whether the files begin with them
 * @throws AppError UNSUPPORTED without a vault, UNAVAILABLE
 */
export async function tellRows(
  openTarget: (name: string) => AuditDb,
  plan: PackagePlan,
  stream: number,
  rows: readonly PackageRow[],
  first: boolean,
): Promise<TextsOfRows> {
  const target = plan.streams[stream]?.target ?? "";
  const { vault } = openTarget(target);
  if (!vault)
    throw new AppError("UNSUPPORTED", "This console has no keys: nobody's data can be read.", {
      hint: "Set MASTER_KEY_FILE.",
    });
  const mine = new Set(plan.tokens[target]);
  const shown = new Set(plan.revealed[target]);
  const own = new Set(plan.own.map(foldText));
  const fields = new Set<string>();
  const texts: TextsOfRows = { json: [], csv: [], fields };
  // Joined, many texts are written at once; added up one by one they would be a tree that is walked to be written.
  let json = first ? ["["] : [];
  let csv = first ? [csvHeader(plan.kind)] : [];
  let between = first ? "\n" : ",\n";
  const revealed = (await vault.reveal(rows.flatMap((row) => sealedOf(row, target)))).values();
  for (let at = 0; at < rows.length; at += inOneTurn) {
    await nextTurn();
    for (const row of rows.slice(at, at + inOneTurn)) {
      const { actorToken, targetToken } = row;
      const people = {
        database: target,
        isActor: actorToken !== null && mine.has(actorToken),
        isTarget: targetToken !== null && mine.has(targetToken),
        actor: actorToken && row.actorPersonal ? (revealed.next().value ?? null) : null,
        target: targetToken && row.targetPersonal ? (revealed.next().value ?? null) : null,
        own,
        revealed: shown.has(row.id),
      };
      for (const found of [people.isActor && people.actor, people.isTarget && people.target])
        if (found && found.state === "readable") for (const name in found.person) fields.add(name);
      const told = toldEvent(row, people, plan.kind);
      json.push(between, told.json);
      csv.push(told.csv);
      between = ",\n";
    }
    texts.json.push(Buffer.from(json.join("")));
    texts.csv.push(Buffer.from(csv.join("")));
    [json, csv] = [[], []];
  }
  return texts;
}

function sealedOf(row: PackageRow, target: string): SealedPerson[] {
  const { id, actorToken, actorPersonal, targetToken, targetPersonal, retentionPolicy: policy } = row;
  const sealed: SealedPerson[] = [];
  if (actorToken && actorPersonal)
    sealed.push({ token: actorToken, personal: actorPersonal, context: actorContext(id), target, policy });
  if (targetToken && targetPersonal)
    sealed.push({ token: targetToken, personal: targetPersonal, context: targetContext(id), target, policy });
  return sealed;
}
