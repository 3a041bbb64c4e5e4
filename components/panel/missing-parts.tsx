"use client";

import { serverSaid } from "@/lib/client/server-said.ts";
import type { MissingPart } from "@/lib/result.ts";
import type { ServerWords } from "@/lib/sql-state.ts";

/** Parts of a panel's answer that could not be read, and what to do; the others are shown above. */
export function MissingParts({ missing }: { missing: readonly MissingPart[] }) {
  return (
    <ul className="grid gap-1 border-hairline border-t px-4 py-2 text-sm text-muted" role="status">
      {missing.map(({ part, reason, hint, server }) => (
        <li key={part}>
          {reason} {hint}
          {server && <ServerSaid words={server} />}
        </li>
      ))}
    </ul>
  );
}

/** What the server itself said; answers carry it only for roles that may see it. */
export function ServerSaid({ words }: { words: ServerWords }) {
  return <p className="mt-0.5 break-words font-mono text-2xs text-faint">{serverSaid(words)}</p>;
}
