import type { CheckObject, ObjectState } from "../check.ts";
import { quoteText } from "../quote-sql.ts";
import { counted, durationInWords } from "../words.ts";
import { isRowLock } from "./lock-words.ts";
import { nameSession, sessionObject } from "./server-sessions.ts";
import type { BlockerNode } from "./types.ts";

/** A session that others wait for, without waiting itself. A prepared transaction has no process and is not told apart. */
export function blockerObject(root: BlockerNode): CheckObject {
  if (root.pid === 0) return { kind: "prepared_transaction", name: "any" };
  return sessionObject(root.session ?? { pid: root.pid, backendStart: null, application: null, user: null });
}

/** The same sentence for whoever waits long and for whoever keeps many waiting. */
export function tellBlocker(root: BlockerNode): ObjectState["words"] {
  const longest = root.longestWaitSeconds ?? 0;
  const gids = [...new Set(root.holds.flatMap(({ gid }) => gid ?? []))].slice(0, 3);
  const who =
    root.pid === 0
      ? gids.length > 0
        ? `prepared transaction ${gids.join(", ")}`
        : "a prepared transaction"
      : nameSession(root.session ?? { pid: root.pid, application: null, user: null });
  const relations = [...new Set(root.holds.flatMap((lock) => lock.relation ?? []))].slice(0, 3).join(", ");
  const what =
    root.holds.length > 0 && root.holds.every(isRowLock)
      ? `a row of ${relations}`
      : `a lock${relations && ` on ${relations}`}`;
  const verb = root.blockedCount === 1 ? "has" : "have";
  const waited = `waited ${root.blockedCount === 1 ? "" : "up to "}${durationInWords(longest)}`;
  return {
    title: `${counted(root.blockedCount, "connection")} ${verb} ${waited} for ${what} held by ${who}.`,
    detail:
      root.pid === 0
        ? `A prepared transaction holds its locks until somebody ends it, connected to its database as its owner or a superuser: ${gids.length > 0 ? gids.map((gid) => `COMMIT PREPARED ${quoteText(gid)}; or ROLLBACK PREPARED ${quoteText(gid)};`).join(" ") : "see pg_prepared_xacts."}`
        : `See what it does; when nobody needs it, SELECT pg_terminate_backend(${root.pid}) frees the others.`,
  };
}
