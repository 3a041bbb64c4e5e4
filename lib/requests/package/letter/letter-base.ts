import type { Queryable } from "../../../db/console-db.ts";
import type { Regime } from "../../../request-law/regimes.ts";
import { type Controller, readController } from "../../controller.ts";
import type { RequestRow } from "../../read-request.ts";
import type { RequestPerson } from "../../sealed.ts";

/** What every letter about a request is written from, whatever it says. */
export interface LetterBase {
  /** Whose law it cites. */
  regime: Regime;
  language: string;
  number: number;
  receivedAt: Date;
  writtenAt: Date;
  timeZone: string;
  person: { name: string | null; contact: string | null };
  controller: Controller;
}

export async function readLetterBase(
  db: Queryable,
  { regime, language, number, receivedAt, timeZone, organizations }: RequestRow,
  { name, contact }: Pick<RequestPerson, "name" | "contact">,
  writtenAt: Date,
): Promise<LetterBase> {
  return {
    ...{ regime, language, number, receivedAt, writtenAt, timeZone },
    person: { name, contact },
    controller: await readController(db, organizations),
  };
}
