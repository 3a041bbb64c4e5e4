import type { Queryable } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { type RequestKind, requestKinds } from "../../request-law/kinds.ts";
import { letterStates } from "../../request-law/states.ts";
import { collectStatement } from "../certificate/collect-statement.ts";
import { readLinkedErasures } from "../erasure/linked-erasures.ts";
import { readLetterBase } from "../package/letter/letter-base.ts";
import type { RequestRow } from "../read-request.ts";
import type { RequestPerson } from "../sealed.ts";
import { type AnswerFacts, outcomeOf } from "./answer-facts.ts";

/**
 * What the answer to a person tells, as it is now, by what its certificate says.
 * @throws AppError CONFLICT before there is anything to answer, UNSUPPORTED where the letter is in the package
 */
export async function collectAnswer(
  db: Queryable,
  row: RequestRow,
  person: Pick<RequestPerson, "name" | "contact">,
  now: Date,
): Promise<AnswerFacts> {
  const { number, state } = row;
  const kind = row.kind as RequestKind;
  const nth = { n: 1, of: null, erased: [], now };
  const { decision, redacted, remains, earlier, backups } = await collectStatement(db, row, nth);
  if (!letterStates.includes(state) || decision === null)
    throw new AppError("CONFLICT", `Request #${number} is ${state}: there is nothing to answer yet.`);
  const { ground, parts } = decision;
  if (requestKinds[kind].package && outcomeOf({ ground, parts }) !== "refused")
    throw new AppError("UNSUPPORTED", `The letter of request #${number} is in its package.`, {
      hint: "Make the download link: letter.pdf and letter.html are in the archive.",
    });
  const erasures = await readLinkedErasures(db, row.id);
  return {
    ...(await readLetterBase(db, row, person, now)),
    waiting: state === "blocked_by_hold",
    ...{ kind, ground, parts, redacted, remains, earlier },
    erased: erasures.flatMap(({ target, policy, destroyedAt }) =>
      destroyedAt === null ? [] : [{ target, policy, destroyedAt: destroyedAt.toISOString() }],
    ),
    backupsUntil: backups?.reachedBy ?? null,
  };
}
