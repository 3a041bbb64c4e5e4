import type { Queryable } from "../db/console-db.ts";
import { AppError } from "../errors.ts";
import { type RequestKind, requestKinds } from "../request-law/kinds.ts";
import { isNamed, readController } from "./controller.ts";
import type { RequestRow } from "./read-request.ts";

type Facts = Pick<RequestRow, "kind" | "organizations">;

/**
 * Whether a request hands something out while nobody has set who answers for it: its letter could not say what Art. 15(1)
 * GDPR wants told, and of no policy the basis would be known on which data are portable.
 */
export async function lacksController(db: Queryable, { kind, organizations }: Facts): Promise<boolean> {
  return requestKinds[kind as RequestKind].package && !isNamed(await readController(db, organizations));
}

/** @throws AppError CONFLICT where a package cannot be made before somebody sets who answers */
export async function assertController(
  db: Queryable,
  row: Facts & Pick<RequestRow, "number">,
): Promise<void> {
  if (!(await lacksController(db, row))) return;
  throw new AppError(
    "CONFLICT",
    `Request #${row.number} cannot be carried out: no controller is set for it, and its letter must say who answers.`,
    { hint: "Set one in Settings → Requests → Controllers (setController), then carry it out." },
  );
}
