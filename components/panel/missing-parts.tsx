"use client";

import { cn } from "@/components/ui/cn.ts";
import { serverSaid } from "@/lib/client/server-said.ts";
import type { MissingPart } from "@/lib/result.ts";
import type { ServerWords } from "@/lib/sql-state.ts";

/** Parts of a panel's answer that could not be read, and what to do; the others are shown above. */
export function MissingParts({
  missing,
  flush,
}: {
  missing: readonly MissingPart[];
  flush: boolean | undefined;
}) {
  return (
    <div className={cn("border-hairline border-t py-2 text-sm text-muted", flush && "px-4")} role="status">
      <ul className="grid gap-1">
        {missing.map(({ part, reason, hint, server }) => (
          <li key={part}>
            {reason} {hint}
            {server && <ServerSaid words={server} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the server itself said; answers carry it only for roles that may see it. */
export function ServerSaid({ words }: { words: ServerWords }) {
  return <p className="mt-0.5 break-words font-mono text-2xs text-faint">{serverSaid(words)}</p>;
}
