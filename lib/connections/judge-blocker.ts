import type { CheckObject, ObjectState } from "../check.ts";
import { counted, durationInWords } from "../words.ts";
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
  const who =
    root.pid === 0
      ? "a prepared transaction"
      : nameSession(root.session ?? { pid: root.pid, application: null, user: null });
  const relations = [...new Set(root.holds.flatMap((lock) => lock.relation ?? []))];
  const where = relations.length > 0 ? ` on ${relations.slice(0, 3).join(", ")}` : "";
  const verb = root.blockedCount === 1 ? "has" : "have";
  const waited = `waited ${root.blockedCount === 1 ? "" : "up to "}${durationInWords(longest)}`;
  return {
    title: `${counted(root.blockedCount, "connection")} ${verb} ${waited} for a lock${where} held by ${who}.`,
    detail:
      root.pid === 0
        ? "A prepared transaction holds its locks until somebody commits or rolls it back: see pg_prepared_xacts."
        : `See what it does; when nobody needs it, SELECT pg_terminate_backend(${root.pid}) frees the others.`,
  };
}
